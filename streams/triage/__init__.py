"""How urgent the words of somebody sound, and what is said to them at once. Pure: no database."""

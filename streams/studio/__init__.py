"""The studio: one page that is a host's green room, the desk on air, and what follows."""

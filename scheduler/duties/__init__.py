"""The moderators' rota, and rooms."""

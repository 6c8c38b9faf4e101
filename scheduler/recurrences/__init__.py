"""Livestreams that follow each other by a rule of wall time."""

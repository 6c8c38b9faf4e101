"""Notices on the board of work: what waits, was sent, was dropped or failed, and why."""

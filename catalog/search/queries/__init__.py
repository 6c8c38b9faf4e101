"""Reads: what is to be indexed, what matches, and what the page shows of it."""

"""Writes that join time with the life of a livestream; they flush and never commit."""

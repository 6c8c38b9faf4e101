"""Polls: a question to everybody, one vote each, figures when they are released."""

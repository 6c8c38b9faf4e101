"""Reads the forms of the wizard and of the queue."""

"""Reads of the planning pages."""

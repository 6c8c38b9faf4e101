"""Reads of applications and licences."""

"""Sending a finished talk in place of going live: numbered parts, then an import."""

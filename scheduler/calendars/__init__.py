"""Calendars of one person under a secret address: what they host, moderate and wait for."""

"""A livestream's life: its doors, on air, interrupted, ended, replay; access to playback.

Imports scheduler and what is below it.
"""

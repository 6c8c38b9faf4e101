"""Time: what is due when. ``runner.py`` is the APScheduler clock.

Imports catalog and what is below it.
"""

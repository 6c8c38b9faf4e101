"""Topics, series, hosts and livestreams; search and feeds.

Imports accounts, media and core.
"""

"""Registrations: viewers with and without an account ask to be reminded of livestreams.

Whoever has no account gives a mail address and confirms it from the mail (double opt-in). All they
can do later hangs on secret links; nothing here needs cookies.
"""

"""People, organisations, roles, sign-in, API tokens, audit and notices.

Imports core only; knows no media, no livestream.
"""

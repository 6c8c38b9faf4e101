"""Accounts of people who want one: a link by mail, a passkey, what they consent to, and the end."""

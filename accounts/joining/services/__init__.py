"""Writes of links, passkeys, consents and accounts. Services flush and never commit."""

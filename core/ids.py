"""Opaque identifiers: short, unguessable, safe in URLs, object keys and file names."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter is read as a digit
ID_LENGTH = 16  # 80 bits: a stranger cannot guess the id of a private object


def new_id() -> str:
    """Return a fresh random identifier of 16 lower-case characters."""
    # 256 is a multiple of 32, so every letter is as likely as every other
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(ID_LENGTH))


def new_secret() -> str:
    """Return 256 random bits as URL-safe text, for tokens, grants and stream keys."""
    return secrets.token_urlsafe(32)

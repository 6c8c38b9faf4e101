"""Whom a room knows somebody as: keys of this room alone, and passes that it made itself. Pure."""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Final

SECRET_KEPT: Final = timedelta(hours=11)
"""After the end: questions may still be taken back or replied to, then nobody is known any more.

What is promised is twelve hours: one is left for a clock that was away.
"""
DIGITS: Final = 32
LONGEST_PASS: Final = 120


def participant_key(secret: str, token: str) -> str:
    """Return what a room knows somebody by: 128 bits of HMAC-SHA256, hexadecimal.

    Args:
        secret: Of the room; without it nobody can tell whose key it is.
        token: What the person's browser holds.
    """
    return _keyed(secret, f"participant:{token}")


def address_key(secret: str, address: str) -> str:
    """Return what limits count an address by; as long as the room's secret lives."""
    return _keyed(secret, f"address:{address}")


def make_pass(secret: str, random: str) -> str:
    """Return the pass of a newcomer: random text, and the proof that this room gave it out.

    Who makes passes up would be as many people as they like.
    """
    return f"{random}.{_keyed(secret, f'pass:{random}')}"


def is_pass(secret: str, token: str) -> bool:
    """Tell whether this room gave the pass out, in a time that tells nothing."""
    random, _, _proof = token.partition(".")
    if not secret or not random or not token.isascii() or len(token) > LONGEST_PASS:
        return False
    return hmac.compare_digest(make_pass(secret, random), token)


def repeatable_secret(secret: str, what: str) -> str:
    """Return 256 bits that are the same for the same ``what``; gone with the room's secret."""
    return hmac.new(secret.encode(), f"repeat:{what}".encode(), sha256).hexdigest()


def _keyed(secret: str, value: str) -> str:
    return hmac.new(secret.encode(), value.encode(), sha256).hexdigest()[:DIGITS]

"""Addresses as lists show them: enough to recognise one, not enough to write to. Pure."""

from email.utils import getaddresses


def masked(address: str) -> str:
    """Return ``a…@example.org`` for a mail address, and ``…789`` for a phone number."""
    plain = next((found for _name, found in getaddresses([address]) if found), address).strip()
    name, at, domain = plain.rpartition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"…{plain[-3:]}" if plain else "…"

"""How long links hold, what their secrets are made of, and what a passkey is called. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ids import ALPHABET, ID_LENGTH
from core.sealing import is_proof, make_proof

LINK_HOLDS: Final = timedelta(minutes=20)
CHALLENGE_HOLDS: Final = timedelta(minutes=5)
LINK_KEPT: Final = timedelta(days=1)
"""Links and challenges are deleted so long after they were asked for."""
MOST_PASSKEYS: Final = 10
LONGEST_NAME: Final = 60
LONGEST_BACK: Final = 300
HISTORY_VERSION: Final = 1
"""Of the words on the page of privacy to which people say yes; other words, another number."""
FRESH: Final = timedelta(minutes=30)
"""So long after a sign-in nobody is asked again who they are."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret of a link: the id of its row, and a proof that it was made here."""

    link_id: str
    proof: str


def make_secret(data_key: str, link_id: str) -> str:
    """Return the secret part of a link, which is stored nowhere."""
    return f"{link_id}.{make_proof(data_key, _facts(link_id))}"


def read_secret(text: str) -> Secret | None:
    """Return what a secret says, if it has the form of one."""
    link_id, dot, proof = text.partition(".")
    if not dot or len(link_id) != ID_LENGTH or not set(link_id) <= set(ALPHABET):
        return None
    return Secret(link_id, proof) if proof.isascii() else None


def is_genuine(data_key: str, secret: Secret) -> bool:
    """Tell whether the secret was made here."""
    return is_proof(data_key, _facts(secret.link_id), secret.proof)


def is_fresh(signed_in_at: float | None, now: datetime) -> bool:
    """Tell whether somebody proved who they are lately; ``signed_in_at`` is in Unix seconds."""
    return signed_in_at is not None and 0 <= now.timestamp() - signed_in_at < FRESH.total_seconds()


def passkey_name(typed: str, number: int) -> str:
    """Return what a passkey is called in the list: what its owner says, else a number."""
    return " ".join(typed.split())[:LONGEST_NAME] or f"Passkey {number}"


def masked(address: str) -> str:
    """Return an address that its owner knows again and nobody else learns."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _facts(link_id: str) -> str:
    return f"joining:link:{link_id}"

"""Links in mails that work without signing in: what they are for, for whom, and a proof. Pure.

Nothing is stored. The proof is a keyed fingerprint under ``DATA_KEY`` of the purpose, the ids and
the version of the recipient's links, so that raising the version ends all earlier ones.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.sealing import is_proof, make_proof


class Purpose(StrEnum):
    """What the holder of a link may do."""

    CONFIRM = "c"  # one registration; the second id is the registration with its number of asks
    UNSUBSCRIBE = "u"  # the second id is a registration or a category
    MANAGE = "m"  # everything of the recipient


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says, before its proof was looked at."""

    purpose: Purpose
    recipient_id: str
    about: str
    proof: str


def make_token(
    data_key: str, purpose: Purpose, recipient_id: str, link_version: int, about: str = "-"
) -> str:
    """Return the secret part of a link; ``about`` is an id without a full stop."""
    proof = make_proof(data_key, _facts(purpose, recipient_id, link_version, about))
    return f"{purpose}.{recipient_id}.{about}.{proof}"


def read_token(token: str) -> Link | None:
    """Return what a token says, if it is one; its proof is checked by :func:`is_genuine`."""
    parts = token.split(".")
    if not (token.isascii() and token.isprintable()):
        return None  # a database takes no null character
    if len(parts) != 4 or parts[0] not in set(Purpose):  # noqa: PLR2004 -- the parts of a token
        return None
    return Link(Purpose(parts[0]), parts[1], parts[2], parts[3])


def is_genuine(data_key: str, link: Link, link_version: int) -> bool:
    """Tell whether the link was made here and was not ended."""
    facts = _facts(link.purpose, link.recipient_id, link_version, link.about)
    return is_proof(data_key, facts, link.proof)


def _facts(purpose: Purpose, recipient_id: str, link_version: int, about: str) -> str:
    return f"notices:{purpose}:{recipient_id}:{link_version}:{about}"

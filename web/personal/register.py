"""What all rooms hold about people, in one place."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import personal as accounts
from accounts.notices import personal as notices
from accounts.notices.models import Recipient
from catalog import personal as catalog
from core import personal as core
from core.personal import OURS, Fate, Held, Person, Register, by, merged
from media import personal as media
from scheduler import personal as scheduler
from streams import personal as streams
from streams.history.rules import owner_key


def _of_notices() -> dict[str, Held]:
    """Return what notices say of their tables, in the words of the register."""
    return {
        name: Held(
            by(held.owner, "user_id" if held.by_user else "recipient_id"),
            told=held.told,
            unsealed=held.unsealed,
            kept_back={held.owner: OURS, **held.kept_back},
            fate=Fate.UNNAMED if held.by_user else Fate.DELETED,
            unnamed={held.owner: None} if held.by_user else {},
        )
        for name, held in notices.HELD.items()
    }


ANSWERS: Final[Mapping[str, Held]] = {
    "core_idempotency": Held(
        by("actor_id"),
        told=("route", "status", "body", "expires_at"),
        kept_back={
            "actor_id": OURS,
            "key": "made by the program of the person",
            "fingerprint": core.FOUND_BY,
            "headers": core.WORKING,
        },
    ),
}

REGISTER: Final[Register] = merged(
    (
        core.HELD,
        accounts.HELD,
        _of_notices(),
        media.HELD,
        catalog.HELD,
        scheduler.HELD,
        streams.HELD,
        ANSWERS,
    )
)


def person_of(session: Session, *, user_id: str, data_key: str) -> Person:
    """Return by which ids rows are about somebody with an account."""
    recipient = session.scalar(select(Recipient.id).where(Recipient.user_id == user_id))
    return Person(user_id, recipient or "", owner_key(data_key, user_id))

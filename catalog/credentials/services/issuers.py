"""Associations and hospitals whose signed rosters are accepted; for administrators."""

from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from catalog.credentials.models import Issuer
from catalog.credentials.rules.rosters import key_bytes
from catalog.credentials.rules.verification import check_may_verify, text_faults
from catalog.credentials.services.noting import note_roster
from core.errors import FieldError, InvalidInput, NotAllowed, NotFound, _
from core.ids import new_id

LONGEST_NAME: Final = 120


def add_issuer(
    session: Session, *, actor: Actor, name: str, public_key: str, now: datetime
) -> Issuer:
    """Accept rosters that the owner of an Ed25519 key signs; for administrators.

    Raises:
        SignInNeeded, NotAllowed: The actor is no administrator.
        InvalidInput: The name is missing or taken, or the key is none.
    """
    _check_administrator(actor)
    faults = text_faults("name", name, LONGEST_NAME, _("Write the name of the association."))
    if key_bytes(public_key) is None:
        message = _("Paste the 32 bytes of an Ed25519 public key in base64: 44 characters.")
        faults.append(FieldError("public_key", message))
    if faults:
        raise InvalidInput(*faults)
    issuer = Issuer(
        id=new_id(),
        name=name.strip(),
        public_key="".join(public_key.split()),
        added_by=actor.user_id,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(issuer)
    except IntegrityError:
        raise InvalidInput(FieldError("name", _("There is an issuer of this name."))) from None
    note_roster(session, actor, "issuer.add", issuer.id, now)
    return issuer


def end_issuer(session: Session, *, actor: Actor, issuer_id: str, now: datetime) -> None:
    """Accept nothing more of an issuer; what was approved stays. Raises as :func:`add_issuer`."""
    _check_administrator(actor)
    issuer = session.get(Issuer, issuer_id)
    if issuer is None:
        raise NotFound
    if issuer.ended_at is None:
        issuer.ended_at = now
        session.flush()
        note_roster(session, actor, "issuer.end", issuer.id, now)


def _check_administrator(actor: Actor) -> None:
    check_may_verify(actor)
    if not actor.has(Role.ADMINISTRATOR):
        raise NotAllowed

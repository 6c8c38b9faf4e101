"""Which organisations somebody may see in the API."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.rules import Actor


def organisations_of(
    session: Session, *, actor: Actor, after: str, limit: int
) -> Sequence[Organisation]:
    """Return the actor's organisations with an id above ``after``; for the staff all of them."""
    statement = select(Organisation).where(Organisation.id > after).order_by(Organisation.id)
    if not actor.is_staff:
        own = sorted({organisation_id for organisation_id, _role in actor.memberships})
        statement = statement.where(Organisation.id.in_(own))
    return session.scalars(statement.limit(limit)).all()

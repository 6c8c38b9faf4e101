"""Whether the host of a livestream may teach what it teaches."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.rules import may_teach
from scheduler.errors import BeyondScope


def check_scope(session: Session, *, livestream: Livestream) -> None:
    """Refuse a livestream that goes beyond the profession of its host.

    Raises:
        BeyondScope: Only another profession teaches this.
    """
    kind = session.scalar(select(Host.credential_kind).where(Host.id == livestream.host_id))
    if not may_teach(kind or "", livestream.scope):
        raise BeyondScope

"""The pages of the catalogue that everybody may find."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog.enums import Audience
from catalog.models import Host, Livestream, Topic
from catalog.queries.series import list_series
from catalog.queries.visibility import known_to_all

MOST_LIVESTREAMS: Final = 5000
"""The newest; older ones are reached over the pages of replays."""


@dataclass(frozen=True, slots=True)
class Find:
    """A page by its path without a language, and when it was last changed, if that is known."""

    path: str
    changed_at: datetime | None = None


def public_finds(session: Session) -> tuple[Find, ...]:
    """Return every page of the catalogue that a stranger may open."""
    return tuple(_finds(session))


def _finds(session: Session) -> Iterator[Find]:
    for audience in Audience:
        yield Find(f"/for/{audience}")
    topics = select(Topic.slug, Topic.updated_at).order_by(Topic.position, Topic.slug)
    for slug, changed_at in session.execute(topics):
        yield Find(f"/topics/{slug}", changed_at)
    for series in list_series(session, actor=STRANGER):
        yield Find(f"/series/{series.id}", series.updated_at)
    verified = select(Host.id).where(Host.verified_until.is_not(None)).order_by(Host.id)
    for host_id in session.scalars(verified):
        yield Find(f"/hosts/{host_id}")
    livestreams = (
        select(Livestream.id, Livestream.updated_at)
        .where(known_to_all())
        .order_by(Livestream.starts_at.desc())
        .limit(MOST_LIVESTREAMS)
    )
    for livestream_id, changed_at in session.execute(livestreams):
        yield Find(f"/livestreams/{livestream_id}", changed_at)

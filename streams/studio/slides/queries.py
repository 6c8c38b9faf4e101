"""Reading which slides there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from media.models import Broadcast
from streams.studio.models import Slides
from streams.studio.slides.rules import KEPT

CLEAR = "clear_slides"
"""The kind of work that removes the object of slides; its subject is the end of the key."""


@dataclass(frozen=True, slots=True)
class SlidesView:
    """What the crew sees of slides; ``size`` is in bytes."""

    livestream_id: str
    name: str
    size: int
    sha256: str
    object_key: str
    uploaded_at: datetime


def find_slides(session: Session, *, livestream_id: str) -> Slides | None:
    """Return the slides of a livestream."""
    return session.get(Slides, livestream_id, populate_existing=True)


def slides_view(slides: Slides) -> SlidesView:
    """Return what the crew sees of ``slides``."""
    return SlidesView(
        livestream_id=slides.livestream_id,
        name=slides.name,
        size=slides.size,
        sha256=slides.sha256,
        object_key=slides.object_key,
        uploaded_at=slides.uploaded_at,
    )


def names_object(session: Session, *, object_key: str) -> bool:
    """Tell whether any slides still have this object."""
    found = select(Slides.livestream_id).where(Slides.object_key == object_key)
    return session.scalar(found) is not None


def slides_to_forget(session: Session, *, now: datetime) -> Sequence[Slides]:
    """Return the slides of livestreams that were over 30 days ago; by plan if never on air."""
    over = func.coalesce(Broadcast.ended_at, Livestream.ends_at)
    return session.scalars(
        select(Slides)
        .join(Livestream, Livestream.id == Slides.livestream_id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(Livestream.state != L.LIVE, over <= now - KEPT)
        .order_by(Slides.livestream_id)
    ).all()

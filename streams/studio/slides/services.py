"""Keeping, replacing and removing slides. An object goes only after the row that names it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.work.services import enqueue
from media.paths import slides_key, slides_of_key
from streams.studio.models import Slides
from streams.studio.slides.errors import NoSlides, SlidesTooLate
from streams.studio.slides.queries import CLEAR, find_slides, slides_to_forget
from streams.studio.slides.rules import TAKES_SLIDES
from streams.uploads.rules import clean_name

ATTEMPTS = 10


def keep_slides(
    session: Session,
    *,
    livestream_id: str,
    slides_id: str,
    name: str,
    size: int,
    sha256: str,
    now: datetime,
) -> bool:
    """Note that the object of ``slides_id`` is stored; tell whether these are the first slides.

    Raises:
        SlidesTooLate: The livestream is over or will not take place.
    """
    check_takes_slides(session, livestream_id=livestream_id)
    known = find_slides(session, livestream_id=livestream_id)
    if known is not None:
        _clear_later(session, known.object_key, now)
        session.delete(known)
        session.flush()
    session.add(
        Slides(
            livestream_id=livestream_id,
            name=clean_name(name) or "slides.pdf",
            size=size,
            sha256=sha256,
            object_key=slides_key(slides_id),
            uploaded_at=now,
        )
    )
    session.flush()
    return known is None


def check_takes_slides(session: Session, *, livestream_id: str) -> None:
    """Lock the livestream, so that two come one after the other, and look at its state.

    Raises:
        SlidesTooLate: It is over or will not take place.
    """
    lock = select(Livestream.state).where(Livestream.id == livestream_id).with_for_update()
    state = session.scalar(lock)
    if state is None or L(state) not in TAKES_SLIDES:
        raise SlidesTooLate


def remove_slides(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Remove the slides of a livestream, in any state of it.

    Raises:
        NoSlides: There are none.
    """
    slides = find_slides(session, livestream_id=livestream_id)
    if slides is None:
        raise NoSlides
    _forget(session, slides, now)


def forget_old_slides(session: Session, now: datetime) -> None:
    """Remove the slides of livestreams that were over 30 days ago; a job of the clock."""
    for slides in slides_to_forget(session, now=now):
        _forget(session, slides, now)


def _forget(session: Session, slides: Slides, now: datetime) -> None:
    _clear_later(session, slides.object_key, now)
    session.delete(slides)
    session.flush()


def _clear_later(session: Session, object_key: str, now: datetime) -> None:
    subject = slides_of_key(object_key)
    enqueue(session, kind=CLEAR, subject=subject, now=now, max_attempts=ATTEMPTS)

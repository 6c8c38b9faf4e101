"""Slides on behalf of a livestream's host or the staff; nobody else may have them."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from streams.studio.slides import services
from streams.studio.slides.errors import NoSlides
from streams.studio.slides.queries import SlidesView, find_slides, slides_view


def slides_for(session: Session, *, actor: Actor, livestream_id: str) -> SlidesView:
    """Return the slides of a livestream that the actor runs.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NoSlides: It has none.
    """
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    slides = find_slides(session, livestream_id=livestream_id)
    if slides is None:
        raise NoSlides
    return slides_view(slides)


def check_may_send(session: Session, *, actor: Actor, livestream_id: str) -> None:
    """Refuse whoever may not send slides, before anything is read.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        SlidesTooLate: It takes none any more.
    """
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    services.check_takes_slides(session, livestream_id=livestream_id)


def keep(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    slides_id: str,
    name: str,
    size: int,
    sha256: str,
    now: datetime,
) -> bool:
    """Keep slides whose object is stored, and write that down; tell whether they are the first."""
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    first = services.keep_slides(
        session,
        livestream_id=livestream_id,
        slides_id=slides_id,
        name=name,
        size=size,
        sha256=sha256,
        now=now,
    )
    _record(session, actor, "livestream.slides", livestream_id, now)
    return first


def remove(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> None:
    """Remove the slides, and write that down."""
    livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    services.remove_slides(session, livestream_id=livestream_id, now=now)
    _record(session, actor, "livestream.remove_slides", livestream_id, now)


def _record(session: Session, actor: Actor, act: str, livestream_id: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )

"""Takes examples away: their rows at once, their media as work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import column, delete, or_, select, table
from sqlalchemy.orm import Session

from accounts.models import Organisation, User
from catalog.demo.content import example_hosts
from catalog.models import Host, Livestream, Series
from core.work.models import Work
from core.work.services import enqueue
from media.models import Broadcast, Segment, Upload
from media.paths import slides_of_key

REMOVE_MEDIA: Final = "remove_media"
CLEAR_UPLOAD: Final = "clear_upload"
"""As ``streams.uploads`` calls the removal of what was sent; it needs no row of the upload."""
CLEAR_SLIDES: Final = "clear_slides"
"""As ``streams.studio.slides`` calls it; rows go with their livestream, objects would not."""
CLEAR_HANDOUT: Final = "clear_handout"
"""As ``streams.handouts`` calls the removal of what was handed out; its subject is the row."""
HANDOUTS: Final = table("streams_handout", column("id"), column("livestream_id"))
SLIDES: Final = table("streams_slides", column("livestream_id"), column("object_key"))


def clear(session: Session, *, now: datetime) -> None:
    """Remove all example livestreams, series and hosts; topics stay.

    What was made by or for an example goes with it: nothing may point to people that are gone.
    """
    hosts = list(session.scalars(select(Host.id).where(Host.is_example)))
    companies = select(Organisation.id).where(Organisation.is_example)
    of_examples = or_(
        Livestream.is_example,
        Livestream.host_id.in_(hosts),
        Livestream.organisation_id.in_(companies),
    )
    doomed = session.scalars(select(Livestream.id).where(of_examples))
    remove_livestreams(session, doomed, now=now)
    session.execute(delete(Series).where(Series.is_example))
    session.execute(delete(Host).where(Host.id.in_(hosts)))
    emails = [host.email for host in example_hosts() if host.email]
    session.execute(delete(User).where(User.id.in_(hosts), User.email.in_(emails)))


def remove_livestreams(session: Session, ids: Iterable[str], *, now: datetime) -> None:
    """Remove livestreams with their broadcasts, and ask for their objects to be removed."""
    doomed = list(ids)
    of_them = Livestream.id.in_(doomed)
    broadcasts = list(session.scalars(select(Livestream.broadcast_id).where(of_them)))
    with_media = select(Segment.broadcast_id).where(Segment.broadcast_id.in_(broadcasts)).distinct()
    recorded = list(session.scalars(with_media))
    sent = select(Upload.id).where(Upload.broadcast_id.in_(broadcasts))
    uploads = list(session.scalars(sent))
    shown = select(SLIDES.c.object_key).where(SLIDES.c.livestream_id.in_(doomed))
    slides = [slides_of_key(key) for key in session.scalars(shown)]
    handed = select(HANDOUTS.c.id).where(HANDOUTS.c.livestream_id.in_(doomed))
    handouts = list(session.scalars(handed))
    session.execute(delete(Work).where(Work.subject.in_(broadcasts), Work.kind != REMOVE_MEDIA))
    session.execute(delete(Livestream).where(of_them))
    session.execute(delete(Broadcast).where(Broadcast.id.in_(broadcasts)))
    for broadcast_id in recorded:
        enqueue(session, kind=REMOVE_MEDIA, subject=broadcast_id, now=now)
    for upload_id in uploads:
        enqueue(session, kind=CLEAR_UPLOAD, subject=upload_id, now=now)
    for slides_id in slides:
        enqueue(session, kind=CLEAR_SLIDES, subject=slides_id, now=now)
    for handout_id in handouts:
        enqueue(session, kind=CLEAR_HANDOUT, subject=handout_id, now=now)

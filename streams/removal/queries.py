"""Reads of removals: what is due, whose consent ended, and receipts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.credentials.enums import ConsentKind
from catalog.credentials.models import Consent
from catalog.models import Livestream
from core.work.enums import WorkState
from core.work.models import Work
from media.enums import BroadcastState
from media.models import Asset, Broadcast, Ingest, Rendition, Segment, TextTrack, Upload
from streams.removal.enums import Reason
from streams.removal.models import Removal
from streams.removal.rules import (
    LOOK_AGAIN,
    MAY_STILL_CHOOSE,
    OVER,
    OVERDUE,
    SHOWN_OR_TO_SHOW,
)

REMOVE: Final = "remove_recording"
"""The kind of work that does it; its subject is the broadcast."""
MOST: Final = 200
"""So many receipts are listed, the newest first."""

OPEN: Final = (Removal.done_at.is_(None), Removal.called_off_at.is_(None))
"""The conditions of a removal that is neither done nor called off."""


def open_removal(session: Session, *, broadcast_id: str) -> Removal | None:
    """Return the removal of a broadcast that is neither done nor called off."""
    query = select(Removal).where(Removal.broadcast_id == broadcast_id, *OPEN)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def newest_removal(session: Session, *, livestream_id: str) -> Removal | None:
    """Return what was last asked for of a livestream."""
    query = select(Removal).where(Removal.livestream_id == livestream_id)
    return session.scalars(query.order_by(Removal.asked_at.desc(), Removal.id.desc())).first()


def list_removals(session: Session, *, host_id: str | None = None) -> Sequence[Removal]:
    """Return the newest removals, of one host or of all."""
    query = select(Removal).order_by(Removal.asked_at.desc(), Removal.id.desc()).limit(MOST)
    if host_id is not None:
        query = query.where(Removal.host_id == host_id)
    return session.scalars(query).all()


def titles_of(session: Session, removals: Sequence[Removal]) -> dict[str, dict[str, str]]:
    """Return the titles of the livestreams that still are, by their ids."""
    ids = {one.livestream_id for one in removals}
    rows = session.execute(select(Livestream.id, Livestream.titles).where(Livestream.id.in_(ids)))
    return {row.id: row.titles for row in rows}


def failed_removals(session: Session, removals: Sequence[Removal]) -> dict[str, Work]:
    """Return the steps that were given up, by the id of their removal."""
    subjects = {one.broadcast_id for one in removals if one.done_at is None}
    given_up = (WorkState.FAILED, WorkState.CANCELLED)
    query = select(Work).where(
        Work.kind == REMOVE, Work.subject.in_(subjects), Work.state.in_(given_up)
    )
    return {str(work.payload.get("removal")): work for work in session.scalars(query)}


def revision_of(session: Session, removal: Removal, *, again: bool) -> int:
    """Return the revision of a removal's step: each has two, the second to look again."""
    earlier = aliased(Removal)
    before = select(func.count()).where(
        earlier.broadcast_id == removal.broadcast_id,
        or_(
            earlier.asked_at < removal.asked_at,
            (earlier.asked_at == removal.asked_at) & (earlier.id < removal.id),
        ),
    )
    return 2 * (session.scalar(before) or 0) + (2 if again else 1)


def due_removals(session: Session, *, now: datetime) -> Sequence[Removal]:
    """Return the removals whose time has come."""
    return session.scalars(select(Removal).where(*OPEN, Removal.due_at <= now)).all()


def overdue_removals(session: Session, *, now: datetime) -> Sequence[Removal]:
    """Return the removals that should have been done ``rules.OVERDUE`` ago."""
    late = select(Removal).where(*OPEN, Removal.due_at < now - OVERDUE)
    return session.scalars(late.order_by(Removal.due_at)).all()


def unconfirmed_removals(session: Session, *, now: datetime) -> Sequence[Removal]:
    """Return the removals that are done and were not looked at a second time."""
    query = select(Removal).where(
        Removal.done_at <= now - LOOK_AGAIN, Removal.done_at > now - 30 * LOOK_AGAIN
    )
    return [one for one in session.scalars(query) if not one.details.get("looked_again")]


def unkept_livestreams(session: Session) -> Sequence[Livestream]:
    """Return what is over, was not recorded, and of which there are media nobody removes yet."""
    query = (
        select(Livestream)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.recorded.is_(False),
            Livestream.state.in_(OVER),
            Broadcast.state.in_((BroadcastState.ENDED, BroadcastState.IDLE)),
            has_media(),
            ~_being_removed(),
        )
    )
    return session.scalars(query).all()


def withdrawn_consents(session: Session, *, host_id: str | None = None) -> dict[str, datetime]:
    """Return since when hosts no longer agree to being recorded, by their ids."""
    held = aliased(Consent)
    agrees = exists().where(
        held.user_id == Consent.user_id, held.kind == Consent.kind, held.withdrawn_at.is_(None)
    )
    query: Select[str, datetime | None] = (
        select(Consent.user_id, func.max(Consent.withdrawn_at))
        .where(Consent.kind == ConsentKind.RECORDING, ~agrees)
        .group_by(Consent.user_id)
    )
    if host_id is not None:
        query = query.where(Consent.user_id == host_id)
    return {row[0]: row[1] for row in session.execute(query) if row[1] is not None}


def recorded_ahead(session: Session, *, host_ids: Sequence[str]) -> Sequence[str]:
    """Return what these hosts are still to hold, or hold now, and what is to be recorded."""
    query = select(Livestream.id).where(
        Livestream.host_id.in_(host_ids),
        Livestream.state.in_(MAY_STILL_CHOOSE),
        Livestream.recorded,
    )
    return session.scalars(query).all()


def recordings_to_withhold(session: Session, *, host_ids: Sequence[str]) -> Sequence[Livestream]:
    """Return recordings of these hosts that are not withheld yet.

    So is a finished talk that waits for its premiere, or is being shown.
    """
    query = (
        select(Livestream)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.host_id.in_(host_ids),
            or_(
                Livestream.state.in_(SHOWN_OR_TO_SHOW),
                and_(
                    Livestream.state.in_(MAY_STILL_CHOOSE),
                    Broadcast.state == BroadcastState.ENDED,
                ),
            ),
            Livestream.withheld_at.is_(None),
            has_media(),
        )
    )
    return session.scalars(query).all()


def media_to_remove(session: Session, *, host_ids: Sequence[str]) -> Sequence[Livestream]:
    """Return what was recorded of these hosts, is over, has media, and waits for no removal.

    What is not recorded goes at once: see :func:`unkept_livestreams`.
    """
    query = select(Livestream).where(
        Livestream.host_id.in_(host_ids),
        Livestream.state.in_(OVER),
        Livestream.recorded,
        has_media(),
        ~_being_removed(),
    )
    return session.scalars(query).all()


def withheld_livestreams(session: Session) -> list[tuple[str, str, str]]:
    """Return (id, host, broadcast) of what is withheld though nothing of it is to be removed."""
    query = (
        select(Livestream.id, Livestream.host_id, Livestream.broadcast_id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.withheld_at.is_not(None), Broadcast.emptied_at.is_(None), ~_being_removed()
        )
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def waiting_for_consent(session: Session) -> Sequence[Removal]:
    """Return the open removals that another consent calls off."""
    query = select(Removal).where(*OPEN, Removal.reason == Reason.CONSENT_WITHDRAWN)
    return session.scalars(query).all()


def has_media() -> ColumnElement[bool]:
    """Return the condition that a livestream's broadcast has any row of media."""
    tables = (Segment, Ingest, Rendition, Asset, TextTrack, Upload)
    return or_(*(exists().where(_of(table)) for table in tables))


def _of(
    table: type[Segment | Ingest | Rendition | Asset | TextTrack | Upload],
) -> ColumnElement[bool]:
    return table.broadcast_id == Livestream.broadcast_id


def _being_removed() -> ColumnElement[bool]:
    return exists().where(Removal.broadcast_id == Livestream.broadcast_id, *OPEN)

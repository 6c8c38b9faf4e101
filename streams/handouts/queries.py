"""Reads of hand-outs: what everybody gets, what could be brought back, what is to go for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.handouts.enums import Kind
from streams.handouts.models import Handout
from streams.handouts.rules import (
    KEPT_REMOVED,
    KEPT_UNUSED,
    MOST_REMOVED,
    NOT_TAKING_PLACE,
    saved_as,
)
from streams.removal.enums import Reason
from streams.removal.models import Removal

CLEAR: Final = "clear_handout"
"""The kind of work that removes the object of a hand-out; its subject is the hand-out."""


@dataclass(frozen=True, slots=True)
class HandoutView:
    """A hand-out as it is offered; ``size`` is in bytes."""

    id: str
    livestream_id: str
    title: str
    kind: Kind
    size: int
    sha256: str
    object_key: str
    created_at: datetime
    removed_at: datetime | None

    @property
    def saved_as(self) -> str:
        """The name under which it is saved."""
        return saved_as(self.title, self.kind)


_COLUMNS: Final = (
    Handout.id,
    Handout.livestream_id,
    Handout.title,
    Handout.kind,
    Handout.size,
    Handout.sha256,
    Handout.object_key,
    Handout.created_at,
    Handout.removed_at,
)


def handouts_of(session: Session, *, livestream_id: str) -> list[HandoutView]:
    """Return what a livestream offers, in the order in which it was brought."""
    return _views(session, _of(livestream_id).where(Handout.removed_at.is_(None)))


def removed_handouts(session: Session, *, livestream_id: str) -> list[HandoutView]:
    """Return what could be brought back, what was removed last first."""
    gone = _of(livestream_id).where(Handout.removed_at.is_not(None))
    return sorted(_views(session, gone), key=lambda one: one.removed_at or one.created_at)[::-1]


def find_handout(session: Session, *, livestream_id: str, handout_id: str) -> HandoutView | None:
    """Return a hand-out of a livestream, removed or not."""
    found = _views(session, _of(livestream_id).where(Handout.id == handout_id))
    return found[0] if found else None


def places_taken(session: Session, *, livestream_id: str) -> set[int]:
    """Return which places of a livestream are taken."""
    taken = select(Handout.place).where(
        Handout.livestream_id == livestream_id, Handout.removed_at.is_(None)
    )
    return set(session.scalars(taken))


def names_object(session: Session, *, object_key: str) -> bool:
    """Tell whether any hand-out still has this object."""
    return session.scalar(select(Handout.id).where(Handout.object_key == object_key)) is not None


def removed_beyond(session: Session, *, livestream_id: str) -> Sequence[Handout]:
    """Return the hand-outs that were removed longest ago, beyond those that are kept."""
    query = (
        select(Handout)
        .where(Handout.livestream_id == livestream_id, Handout.removed_at.is_not(None))
        .order_by(Handout.removed_at.desc(), Handout.id.desc())
        .offset(MOST_REMOVED)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def handouts_to_forget(session: Session, *, now: datetime) -> Sequence[Handout]:
    """Return what was removed a week ago, and what belongs to something that is gone.

    That is a livestream that did not take place, 30 days later, and one whose recording was removed
    because its host withdrew the consent: what they brought goes with it. What was never to be
    recorded keeps its hand-outs: they are no recording.
    """
    query = (
        select(Handout)
        .join(Livestream, Livestream.id == Handout.livestream_id)
        .where(or_(Handout.removed_at <= now - KEPT_REMOVED, _unused(now), _withdrawn()))
        .order_by(Handout.id)
    )
    return session.scalars(query).all()


def _of(livestream_id: str) -> Select[*tuple[object, ...]]:
    query: Select[*tuple[object, ...]] = select(*_COLUMNS)
    ordered = query.order_by(Handout.created_at, Handout.id)
    return ordered.where(Handout.livestream_id == livestream_id)


def _views(session: Session, query: Select[*tuple[object, ...]]) -> list[HandoutView]:
    return [
        HandoutView(**{**row._mapping, "kind": Kind(row.kind)})  # noqa: SLF001 -- its public name
        for row in session.execute(query)
    ]


def _unused(now: datetime) -> ColumnElement[bool]:
    return and_(Livestream.state.in_(NOT_TAKING_PLACE), Livestream.ends_at <= now - KEPT_UNUSED)


def _withdrawn() -> ColumnElement[bool]:
    return exists().where(
        Removal.broadcast_id == Livestream.broadcast_id,
        Removal.reason == Reason.CONSENT_WITHDRAWN,
        Removal.done_at.is_not(None),
        Removal.done_at >= Handout.created_at,
    )

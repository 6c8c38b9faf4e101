"""Reads of the hosting pages: one person's livestreams, and what the desk of one shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import filterfalse
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.rules import Actor
from catalog.models import Livestream
from catalog.queries import LivestreamView
from catalog.queries.views import LIVESTREAMS, livestream_views
from core.words import Words
from core.work.enums import WorkState
from core.work.models import Work
from core.work.queries import work_of
from media.enums import IngestKind
from media.models import Asset, Broadcast
from media.paths import url_of_key
from media.queries import newest_ingest
from streams.hosting.rules import GROUPS, group_of

OPEN_SHOWN: Final = 200
PAST_SHOWN: Final = 24
PAST: Final = ("published", "closed")


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known of one broadcast; ``shape`` is empty until the feed is understood."""

    broadcast: Broadcast
    shape: Mapping[str, Any]
    by_browser: bool
    connected_at: datetime | None
    work: Sequence[Work]
    assets: Mapping[str, str]
    """Addresses of what has been made, by kind."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation that a form offers."""

    id: str
    names: Words


def livestreams_by_group(
    session: Session, *, actor: Actor
) -> dict[str, tuple[LivestreamView, ...]]:
    """Return the actor's livestreams, for the staff everybody's, by group, without empty ones."""
    mine = LIVESTREAMS if actor.is_staff else LIVESTREAMS.where(Livestream.host_id == actor.user_id)
    past = [state for name in PAST for state in GROUPS[name]]
    open_rows = mine.where(Livestream.state.not_in(past)).order_by(Livestream.starts_at)
    past_rows = mine.where(Livestream.state.in_(past)).order_by(Livestream.starts_at.desc())
    rows = [
        *session.execute(open_rows.limit(OPEN_SHOWN)),
        *session.execute(past_rows.limit(PAST_SHOWN)),
    ]
    views = livestream_views(session, rows)
    groups = {
        name: tuple(view for view in views if group_of(view.state) == name) for name in GROUPS
    }
    return {name: members for name, members in groups.items() if members}


def desk_of(session: Session, *, broadcast_id: str) -> Desk:
    """Return what the desk shows of a broadcast."""
    ingest = newest_ingest(session, broadcast_id=broadcast_id)
    is_open = ingest is not None and ingest.closed_at is None
    return Desk(
        broadcast=session.get_one(Broadcast, broadcast_id),
        shape=ingest.shape if ingest is not None else {},
        by_browser=ingest is not None and ingest.kind == IngestKind.CHUNKS,
        connected_at=ingest.started_at if ingest is not None and is_open else None,
        work=work_of(session, subject=broadcast_id),
        assets=_assets_of(session, broadcast_id),
    )


def organisations_to_name(
    session: Session, *, actor: Actor, named: str | None
) -> tuple[Choice, ...]:
    """Return the organisations the actor may choose from: the staff any, others their own.

    ``named`` is the one a livestream is for already; it stays a choice.
    """
    statement = select(Organisation.id, Organisation.names).order_by(Organisation.slug)
    if not actor.is_staff:
        own = {organisation_id for organisation_id, _role in actor.memberships} | {named or ""}
        statement = statement.where(Organisation.id.in_(sorted(own)))
    return tuple(Choice(row.id, row.names) for row in session.execute(statement))


def _assets_of(session: Session, broadcast_id: str) -> dict[str, str]:
    rows = session.execute(
        select(Asset.kind, Asset.object_key).where(Asset.broadcast_id == broadcast_id)
    )
    return {row.kind: url_of_key(row.object_key) for row in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """All steps of one kind as a host sees them: long recordings are made in many parts.

    ``id`` is the step that its state is about, the one to be tried again.
    """

    id: str
    kind: str
    state: str
    progress: float
    attempts: int
    reason: str


TELLING: Final = ("failed", "running", "queued", "cancelled", "done")
"""States by what a host must know first."""


NEWEST_COUNTS: Final = frozenset({"import_upload"})
"""Kinds of which a later one takes the place of those before: another file was sent."""


def lines_of(steps: Iterable[Work]) -> tuple[Line, ...]:
    """Return one line for each kind of step, oldest first, as ``steps`` are."""
    kinds: dict[str, list[Work]] = {}
    for step in filterfalse(_is_replaced, steps):
        alike = kinds.setdefault(step.kind, [])
        if step.kind in NEWEST_COUNTS:
            alike.clear()
        alike.append(step)
    return tuple(_line_of(kind, alike) for kind, alike in kinds.items())


def _is_replaced(step: Work) -> bool:
    """Tell whether a cut or a removal stopped a step: only what a person cancelled has an end."""
    return step.state == WorkState.CANCELLED and step.finished_at is None


def _line_of(kind: str, alike: list[Work]) -> Line:
    telling = min(alike, key=lambda step: TELLING.index(step.state))
    begun = any(step.state == "done" for step in alike)
    state = "running" if telling.state == "queued" and begun else telling.state
    progress = sum(1.0 if step.state == "done" else step.progress for step in alike) / len(alike)
    return Line(telling.id, kind, state, progress, telling.attempts, telling.reason)

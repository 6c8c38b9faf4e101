"""Reads of polls: what the crew sees, what everybody sees, and one person's own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog.models import LivestreamTopic, Topic
from streams.audience.rules.telling import least_of
from streams.polls.enums import PollState as P
from streams.polls.models import Poll, PollVote
from streams.polls.rules import Figures, figures
from streams.room.queries import participant_of


@dataclass(frozen=True, slots=True)
class ShownPoll:
    """A poll as somebody sees it; ``figures`` are None as long as they may not be told."""

    id: str
    texts: dict[str, str]
    choices: list[dict[str, str]]
    state: str
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    released_at: datetime | None = None
    figures: Figures | None = None


_COLUMNS: Final[tuple[Any, ...]] = (
    Poll.id,
    Poll.texts,
    Poll.choices,
    Poll.state,
    Poll.opened_at,
    Poll.closed_at,
    Poll.released_at,
    Poll.counts,
)


def find_poll(session: Session, *, poll_id: str) -> Poll | None:
    """Return a poll."""
    return session.get(Poll, poll_id)


def count_polls(session: Session, *, livestream_id: str) -> int:
    """Return how many polls a livestream has."""
    query = select(func.count()).where(Poll.livestream_id == livestream_id)
    return session.execute(query).scalar_one()


def poll_of_everybody(session: Session, *, livestream_id: str) -> ShownPoll | None:
    """Return the poll that a page shows: the one that was opened last."""
    query = select(*_COLUMNS).where(Poll.livestream_id == livestream_id, Poll.state != P.DRAFT)
    found = _shown(session, livestream_id, query.order_by(Poll.opened_at.desc(), Poll.id).limit(1))
    return found[0] if found else None


def released_polls(session: Session, *, livestream_id: str) -> list[ShownPoll]:
    """Return the polls whose figures everybody may know, in the order they were opened."""
    query = select(*_COLUMNS).where(Poll.livestream_id == livestream_id, Poll.state == P.RELEASED)
    return _shown(session, livestream_id, query.order_by(Poll.opened_at, Poll.id))


def polls_of_crew(session: Session, *, livestream_id: str) -> list[ShownPoll]:
    """Return every poll with its figures so far: the crew decides by them what to release."""
    query = select(*_COLUMNS).where(Poll.livestream_id == livestream_id)
    found = session.execute(query.order_by(Poll.created_at, Poll.id)).all()
    if not found:
        return []
    least = least_of_livestream(session, livestream_id=livestream_id)
    counts = {
        row.id: tuple(row.counts)
        if row.state in {P.CLOSED, P.RELEASED}
        else count_votes(session, poll_id=row.id, choices=len(row.choices))
        for row in found
    }
    told = {row.id: figures(counts[row.id], least) for row in found if row.state != P.DRAFT}
    return [_as_seen(row, told.get(row.id)) for row in found]


def count_votes(session: Session, *, poll_id: str, choices: int) -> tuple[int, ...]:
    """Return how many chose each."""
    query = (
        select(PollVote.choice, func.count().label("people"))
        .where(PollVote.poll_id == poll_id)
        .group_by(PollVote.choice)
    )
    found = {row.choice: row.people for row in session.execute(query)}
    return tuple(found.get(choice, 0) for choice in range(choices))


def choice_of(session: Session, *, livestream_id: str, poll_id: str, token: str) -> int | None:
    """Return what somebody chose, known by the pass of their browser; None: nothing yet."""
    participant = participant_of(session, livestream_id=livestream_id, token=token)
    vote = session.get(PollVote, (poll_id, participant)) if participant else None
    return vote.choice if vote else None


def least_of_livestream(session: Session, *, livestream_id: str) -> int:
    """Return the smallest group of people that is counted out for a livestream."""
    query = (
        select(Topic.risk)
        .join(LivestreamTopic, LivestreamTopic.topic_slug == Topic.slug)
        .where(LivestreamTopic.livestream_id == livestream_id)
    )
    return least_of(session.scalars(query))


def still_open(session: Session, *, livestream_id: str) -> Sequence[str]:
    """Return the polls of a livestream that nobody closed."""
    query = select(Poll.id).where(Poll.livestream_id == livestream_id, Poll.state == P.OPEN)
    return session.scalars(query).all()


def _shown(session: Session, livestream_id: str, query: Select[Any]) -> list[ShownPoll]:
    rows = session.execute(query).all()
    if not any(row.state == P.RELEASED for row in rows):
        return [_as_seen(row, None) for row in rows]
    least = least_of_livestream(session, livestream_id=livestream_id)
    told = {row.id: figures(row.counts, least) for row in rows if row.state == P.RELEASED}
    return [_as_seen(row, told.get(row.id)) for row in rows]


def _as_seen(row: Any, told: Figures | None) -> ShownPoll:  # noqa: ANN401 -- a row of _COLUMNS
    return ShownPoll(
        id=row.id,
        texts=row.texts,
        choices=row.choices,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        released_at=row.released_at,
        figures=told,
    )

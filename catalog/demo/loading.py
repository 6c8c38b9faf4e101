"""Loads what is missing of the example content, and renews what is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from catalog import services
from catalog.demo.clearing import remove_livestreams
from catalog.demo.content import (
    LIVE_KEY,
    ExampleLivestream,
    example_hosts,
    example_livestreams,
    talks_on_air,
)
from catalog.demo.people import load_host, load_series
from catalog.demo.topics import load_topics
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Livestream, LivestreamAudience, SeriesMember
from catalog.rules import LivestreamDraft
from core.words import CHINESE
from core.work.services import enqueue
from media.enums import BroadcastState
from media.models import Broadcast

WRITTEN_BEFORE: Final = timedelta(days=1)
"""A past example was entered this long before its start."""
KEPT_ON_AIR: Final = timedelta(minutes=10)
"""What was on air is gone this long after its time: an hour of a loop is no replay to keep."""
TALK: Final = "demo_talk"
_STAFF: Final = Actor(roles=frozenset({Role.EDITOR}))
_WAITING: Final = (L.DRAFT, L.PROPOSED, L.SCHEDULED)
_HIDDEN: Final = frozenset({L.DRAFT, L.PROPOSED})


@dataclass(frozen=True, slots=True)
class _Loading:
    """What every example is loaded with: ids by key, and the time it is."""

    session: Session
    hosts: Mapping[str, str]
    series: Mapping[str, str]
    organisations: Sequence[str]
    window_seconds: int
    now: datetime


def load(
    session: Session,
    *,
    now: datetime,
    users: Mapping[Role, str],
    organisations: Sequence[str],
    window_seconds: int = 120,
    with_talks: bool = True,
) -> None:
    """Load what is missing of the demo; livestreams whose time is over are given a new one.

    ``users`` gives the user id of the demo account of each role: the host's becomes an example
    host. ``organisations`` are the ids of the two companies. ``with_talks`` asks for the recordings
    of the scripted talks, which the worker makes. Stream keys are made by
    :func:`streams.doors.services.make_missing_keys` afterwards.
    """
    load_topics(session)
    _remove_stale(session, now)
    loading = _Loading(
        session,
        {host.key: load_host(session, host, users[Role.HOST], now) for host in example_hosts()},
        load_series(session, now),
        organisations,
        window_seconds,
        now,
    )
    for example in example_livestreams():
        if not _is_there(session, example, now) and (with_talks or not example.talk):
            _load_livestream(loading, example)


def livestream_to_play(session: Session, *, now: datetime) -> str | None:
    """Return the id of the example that is meant to be on air now, if it still waits or runs."""
    live = next(example for example in example_livestreams() if example.key == LIVE_KEY)
    statement = _examples_titled(live).where(
        Livestream.state.in_([L.SCHEDULED, L.LIVE]), Livestream.ends_at > now
    )
    return session.scalars(statement.order_by(Livestream.starts_at.desc())).first()


def overdue_on_air(session: Session, *, now: datetime) -> Sequence[Livestream]:
    """Return examples that the presenter keeps on air although their time is over."""
    over = (Livestream.state == L.LIVE, Livestream.auto_start, Livestream.ends_at <= now)
    return session.scalars(select(Livestream).where(Livestream.is_example, *over)).all()


def _examples_titled(example: ExampleLivestream) -> Select[str]:
    chinese = Livestream.titles[CHINESE].as_string()
    return select(Livestream.id).where(Livestream.is_example, chinese == example.titles[CHINESE])


def _is_there(session: Session, example: ExampleLivestream, now: datetime) -> bool:
    known = _examples_titled(example)
    if not example.is_past:
        known = known.where(
            Livestream.ends_at > now, Livestream.state.in_([*_WAITING, L.LIVE, L.CANCELLED])
        )
    return session.scalars(known).first() is not None


def _remove_stale(session: Session, now: datetime) -> None:
    """Remove examples whose time is over: nobody went live in them, or it was the loop on air."""
    past = [example for example in example_livestreams() if example.is_past]
    kept = [example.titles[CHINESE] for example in past]
    over = or_(
        and_(Livestream.state.in_([*_WAITING, L.CANCELLED, L.MISSED]), Livestream.ends_at <= now),
        and_(
            Livestream.state.in_([L.ENDED, L.PUBLISHED]),
            Livestream.auto_start,
            Livestream.ends_at <= now - KEPT_ON_AIR,
        ),
    )
    stale = select(Livestream.id).where(
        Livestream.is_example, over, Livestream.titles[CHINESE].as_string().not_in(kept)
    )
    remove_livestreams(session, session.scalars(stale), now=now)


def _load_livestream(loading: _Loading, example: ExampleLivestream) -> None:
    session, starts_at = loading.session, example.starts_at(loading.now)
    written_at = min(loading.now, starts_at - WRITTEN_BEFORE) if example.is_past else loading.now
    livestream = services.create_livestream(
        session,
        actor=_STAFF,
        draft=_draft(loading, example, starts_at),
        window_seconds=loading.window_seconds,
        now=written_at,
        is_example=True,
    )
    livestream.state = example.state.value
    if example.state not in _HIDDEN:
        livestream.announced_at = written_at
    if example.state is L.ENDED:
        _end(session, livestream)
    _add_belongings(loading, livestream, example)
    if example.talk:
        payload = {"talk": example.talk}
        subject = livestream.broadcast_id
        enqueue(session, kind=TALK, subject=subject, payload=payload, now=_turn(loading, example))
    session.flush()


def _turn(loading: _Loading, example: ExampleLivestream) -> datetime:
    """Return when the talk is due: first the one that goes on air, then the newest."""
    place = 0 if example.talk in talks_on_air() else -example.day
    return loading.now + timedelta(seconds=place)


def _end(session: Session, livestream: Livestream) -> None:
    livestream.started_at, livestream.ended_at = livestream.starts_at, livestream.ends_at
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    broadcast.state = BroadcastState.ENDED
    broadcast.ended_at = livestream.ends_at


def _add_belongings(loading: _Loading, livestream: Livestream, example: ExampleLivestream) -> None:
    loading.session.add_all(
        LivestreamAudience(livestream_id=livestream.id, audience=audience)
        for audience in example.audiences
    )
    if example.series:
        series = loading.series[example.series]
        position = example.day * 24 * 60 + (example.starts_in or 0)
        loading.session.add(
            SeriesMember(livestream_id=livestream.id, series_id=series, position=position)
        )


def _draft(loading: _Loading, example: ExampleLivestream, starts_at: datetime) -> LivestreamDraft:
    company = example.organisation
    return LivestreamDraft(
        titles=example.titles,
        descriptions=example.descriptions,
        topics=example.topics,
        language=example.language,
        host_id=loading.hosts[example.host],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=example.minutes),
        timezone=example.timezone,
        visibility=Visibility.PUBLIC if company is None else Visibility.ORGANISATION,
        organisation_id=None if company is None else loading.organisations[company],
        replay_policy=example.replay_policy,
        auto_start=example.auto_start,
    )

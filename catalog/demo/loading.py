"""Loads, refreshes and clears the example content."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import Organisation, User
from accounts.rules import Actor
from catalog import rules, services
from catalog.demo.content import HOSTS, LIVE_KEY, TOPICS, ExampleHost, ExampleLivestream
from catalog.demo.programme import LIVESTREAMS
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Host, Livestream, Topic
from catalog.rules import LivestreamDraft
from core.words import CHINESE
from media.models import Broadcast

VERIFIED_FOR: Final = timedelta(days=90)
_STAFF: Final = Actor(roles=frozenset({Role.EDITOR}))
_WAITING: Final = (L.DRAFT, L.PROPOSED, L.SCHEDULED)


def load(
    session: Session,
    *,
    now: datetime,
    users: Mapping[Role, str],
    organisations: Sequence[str],
    window_seconds: int = 120,
) -> None:
    """Load what is missing of the demo; livestreams whose time is over are given a new one.

    ``users`` gives the user id of the demo account of each role: the host's becomes an example
    host. ``organisations`` are the ids of the two companies. Stream keys are made by
    :func:`streams.doors.services.make_missing_keys` afterwards.
    """
    load_topics(session)
    hosts = {host.key: _load_host(session, host, users[Role.HOST], now) for host in HOSTS}
    _remove_stale(session, now)
    for example in LIVESTREAMS:
        if not _is_current(session, example, now):
            _load_livestream(session, example, hosts, organisations, window_seconds, now)


def load_topics(session: Session) -> None:
    """Add the topics an installation begins with; an empty one needs them as well."""
    for position, topic in enumerate(TOPICS):
        if session.get(Topic, topic.slug) is None:
            session.add(
                Topic(
                    slug=topic.slug,
                    names=dict(topic.names),
                    descriptions=dict(topic.descriptions),
                    risk=topic.risk,
                    position=position,
                )
            )
    session.flush()


def livestream_to_play(session: Session, *, now: datetime) -> str | None:
    """Return the id of the example that is meant to be on air now, if it still waits or runs."""
    live = next(example for example in LIVESTREAMS if example.key == LIVE_KEY)
    statement = _examples_titled(live).where(
        Livestream.state.in_([L.SCHEDULED, L.LIVE]), Livestream.ends_at > now
    )
    return session.scalars(statement.order_by(Livestream.starts_at.desc())).first()


def clear(session: Session) -> None:
    """Remove all example livestreams and hosts; topics stay, they are nobody's invention.

    What was made by or for an example goes with it: nothing may point to people that are gone.
    """
    hosts = list(session.scalars(select(Host.id).where(Host.is_example)))
    companies = select(Organisation.id).where(Organisation.is_example)
    of_examples = or_(
        Livestream.is_example,
        Livestream.host_id.in_(hosts),
        Livestream.organisation_id.in_(companies),
    )
    _delete_livestreams(session, session.scalars(select(Livestream.id).where(of_examples)))
    session.execute(delete(Host).where(Host.id.in_(hosts)))
    emails = [host.email for host in HOSTS if host.email]
    session.execute(delete(User).where(User.id.in_(hosts), User.email.in_(emails)))


def _load_host(session: Session, example: ExampleHost, account: str, now: datetime) -> str:
    user_id = account if not example.email else _person(session, example, now)
    host = session.get(Host, user_id)
    if host is None:
        host = Host(id=user_id, names=dict(example.names), is_example=True)
        host.titles = dict(example.titles)
        host.institutions = dict(example.institutions)
        host.departments = dict(example.departments)
        host.biographies = dict(example.biographies)
        host.initials = example.initials
        session.add(host)
    host.verified_until = now + VERIFIED_FOR if example.is_verified else None
    session.flush()
    return user_id


def _person(session: Session, example: ExampleHost, now: datetime) -> str:
    """Return the account behind a made-up host; it has no password, so nobody signs in to it."""
    known = session.scalar(select(User.id).where(User.email == example.email))
    if known is not None:
        return known
    user = User(email=example.email, display_name=example.names["en"], created_at=now)
    session.add(user)
    session.flush()
    return user.id


def _examples_titled(example: ExampleLivestream) -> Select[str]:
    chinese = Livestream.titles[CHINESE].as_string()
    return select(Livestream.id).where(Livestream.is_example, chinese == example.titles[CHINESE])


def _is_current(session: Session, example: ExampleLivestream, now: datetime) -> bool:
    current = _examples_titled(example).where(
        Livestream.ends_at > now, Livestream.state.in_([*_WAITING, L.LIVE])
    )
    return session.scalars(current).first() is not None


def _remove_stale(session: Session, now: datetime) -> None:
    """Remove examples that nobody went live in and whose time is over: they left no media."""
    over = or_(
        Livestream.state.in_([L.CANCELLED, L.MISSED]),
        and_(Livestream.state.in_(_WAITING), Livestream.ends_at <= now),
    )
    _delete_livestreams(
        session, session.scalars(select(Livestream.id).where(Livestream.is_example, over))
    )


def _delete_livestreams(session: Session, ids: Iterable[str]) -> None:
    doomed = list(ids)
    of_them = Livestream.id.in_(doomed)
    broadcasts = list(session.scalars(select(Livestream.broadcast_id).where(of_them)))
    session.execute(delete(Livestream).where(of_them))
    session.execute(delete(Broadcast).where(Broadcast.id.in_(broadcasts)))


def _load_livestream(
    session: Session,
    example: ExampleLivestream,
    hosts: Mapping[str, str],
    organisations: Sequence[str],
    window_seconds: int,
    now: datetime,
) -> None:
    livestream = services.create_livestream(
        session,
        actor=_STAFF,
        draft=_draft(example, hosts[example.host], organisations, now),
        window_seconds=window_seconds,
        now=now,
        is_example=True,
    )
    livestream.state = example.state.value
    session.flush()


def _draft(
    example: ExampleLivestream, host_id: str, organisations: Sequence[str], now: datetime
) -> LivestreamDraft:
    grid, _next = rules.nearest_times(now)
    starts_at = grid + timedelta(minutes=example.starts_in)
    company = None if example.organisation is None else organisations[example.organisation]
    return LivestreamDraft(
        titles=example.titles,
        descriptions=example.descriptions,
        topics=example.topics,
        language=example.language,
        host_id=host_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=example.minutes),
        timezone=example.timezone,
        visibility=Visibility.PUBLIC if company is None else Visibility.ORGANISATION,
        organisation_id=company,
        replay_policy=example.replay_policy,
        auto_start=example.auto_start,
    )

"""The made-up people of the demo, and the series they teach in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.demo.content import ExampleHost, example_livestreams, example_series
from catalog.models import Host, HostLanguage, HostTopic, Series
from core.words import CHINESE, LANGUAGES

VERIFIED_FOR: Final = timedelta(days=90)


def load_host(session: Session, example: ExampleHost, account: str, now: datetime) -> str:
    """Return the user id of an example host, made when missing; ``account`` is the demo host's."""
    user_id = account if not example.email else _person(session, example, now)
    host = session.get(Host, user_id)
    if host is None:
        host = Host(id=user_id, names=dict(example.names), is_example=True)
        host.titles = dict(example.titles)
        host.institutions = dict(example.institutions)
        host.departments = dict(example.departments)
        host.biographies = dict(example.biographies)
        host.initials = example.initials
        host.credential_kind = example.profession
        host.verified_until = now + VERIFIED_FOR if example.is_verified else None
        session.add(host)
    elif host.verified_until is not None and host.verified_until <= now:
        host.verified_until = now + VERIFIED_FOR  # it ran out; one that was withdrawn stays so
    session.flush()
    _load_teaching(session, user_id, example)
    return user_id


def _load_teaching(session: Session, host_id: str, example: ExampleHost) -> None:
    """Write what a made-up host teaches, unless something is written already."""
    if session.scalar(select(HostTopic.host_id).where(HostTopic.host_id == host_id).limit(1)):
        return
    mine = [one for one in example_livestreams() if one.host == example.key]
    topics = dict.fromkeys(slug for one in mine for slug in one.topics)
    session.add_all(HostTopic(host_id=host_id, topic_slug=slug) for slug in topics)
    session.add_all(HostLanguage(host_id=host_id, language=tag) for tag in LANGUAGES)
    session.flush()


def _person(session: Session, example: ExampleHost, now: datetime) -> str:
    """Return the account behind a made-up host; it has no password, so nobody signs in to it.

    Mails to it are in the language and the zone of what it teaches first.
    """
    known = session.scalar(select(User.id).where(User.email == example.email))
    if known is not None:
        return known
    user = User(email=example.email, display_name=example.names["en"], created_at=now)
    first = next((one for one in example_livestreams() if one.host == example.key), None)
    if first is not None:
        user.language, user.timezone = first.language, first.timezone
    session.add(user)
    session.flush()
    return user.id


def load_series(session: Session, now: datetime) -> dict[str, str]:
    """Return the ids of the example series by key, made when missing."""
    known = {
        series.titles[CHINESE]: series.id
        for series in session.scalars(select(Series).where(Series.is_example))
    }
    ids = {}
    for example in example_series():
        ids[example.key] = known.get(example.titles[CHINESE]) or _new_series(
            session, example.titles, example.descriptions, now
        )
    return ids


def _new_series(
    session: Session, titles: Mapping[str, str], descriptions: Mapping[str, str], now: datetime
) -> str:
    series = Series(titles=dict(titles), descriptions=dict(descriptions), is_example=True)
    series.created_at = series.updated_at = now
    session.add(series)
    session.flush()
    return series.id

"""What hosts themselves change of their public face: topics, languages, conflicts of interest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.services import record_audit
from catalog.credentials.rules.application import (
    LONGEST_TEXT,
    MOST_TOPICS,
    NO_LANGUAGE,
    NO_TOPIC,
    TOO_LONG,
)
from catalog.models import Host, HostLanguage, HostTopic, Topic
from core.errors import FieldError, InvalidInput
from core.words import LANGUAGES, Words


def change_teaching(
    session: Session,
    *,
    host: Host,
    topics: Iterable[str],
    languages: Iterable[str],
    interests: Mapping[str, str],
    now: datetime,
) -> None:
    """Write what a host teaches, in which languages, and the conflicts of interest.

    Raises:
        InvalidInput: A topic or language that does not exist, none of them, or too long a text.
    """
    topics, languages = frozenset(topics), frozenset(languages)
    if faults := _faults(session, topics, languages, interests):
        raise InvalidInput(*faults)
    session.execute(delete(HostTopic).where(HostTopic.host_id == host.id))
    session.execute(delete(HostLanguage).where(HostLanguage.host_id == host.id))
    session.add_all(HostTopic(host_id=host.id, topic_slug=slug) for slug in sorted(topics))
    session.add_all(HostLanguage(host_id=host.id, language=tag) for tag in sorted(languages))
    host.interests = dict(interests)
    host.updated_at = now
    session.flush()
    _record(session, host, topics, languages, now)


def _faults(
    session: Session, topics: frozenset[str], languages: frozenset[str], interests: Words
) -> list[FieldError]:
    known = frozenset(session.scalars(select(Topic.slug)))
    long = any(len(text) > LONGEST_TEXT for text in interests.values())
    checks = (
        (not topics <= known or len(topics) > MOST_TOPICS, FieldError("topics", NO_TOPIC)),
        (not languages or not languages <= set(LANGUAGES), FieldError("languages", NO_LANGUAGE)),
        (long, FieldError("interests_en", TOO_LONG, {"most": LONGEST_TEXT})),
    )
    return [fault for is_wrong, fault in checks if is_wrong]


def _record(
    session: Session, host: Host, topics: frozenset[str], languages: frozenset[str], now: datetime
) -> None:
    record_audit(
        session,
        actor_id=host.id,
        act="host.change_teaching",
        subject_kind="host",
        subject_id=host.id,
        now=now,
        details={"topics": sorted(topics), "languages": sorted(languages)},
    )

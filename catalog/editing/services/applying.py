"""From a content to the rows that pages are drawn from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.editing.queries import content_of, livestream_titles, subject_row
from catalog.editing.rules.contents import Content, Subject, moment_of
from catalog.enums import RevisionKind
from catalog.errors import NotEditable
from catalog.models import Host, Livestream, LivestreamAudience, Series, SeriesMember, Topic
from catalog.rules import forbidden_fields
from catalog.services import edit_livestream
from core.errors import FieldError, InvalidInput, NotFound, WrongState, _
from core.words import ENGLISH, in_language

BESIDE: Final = {"title": f"titles.{ENGLISH}", "description": f"descriptions.{ENGLISH}"}
"""The field of this form for a fault of a livestream, where its name is another."""


def apply(
    session: Session, *, actor: Actor, subject: Subject, content: Content, now: datetime
) -> None:
    """Write a content without faults to the row of its subject; topics and series are made.

    Raises:
        InvalidInput: It does not fit what else there is.
        NotEditable: The livestream has gone too far for the change.
        NotFound: There is no such host or livestream.
        WrongState: Somebody else made it or moved it on at the same moment.
    """
    row = subject_row(session, subject=subject)
    match row:
        case Host():
            _to_host(row, content)
        case Livestream():
            _to_livestream(session, actor, row, content, now)
        case Topic():
            _to_topic(row, content, now)
        case Series():
            _to_series(session, row, content, now)
        case None:
            _make(session, subject, content, now)
    session.flush()


def _make(session: Session, subject: Subject, content: Content, now: datetime) -> None:
    match subject.kind:
        case RevisionKind.TOPIC:
            topic = Topic(slug=subject.id)
            _to_topic(topic, content, now)
            _insert(session, topic)
        case RevisionKind.SERIES:
            series = Series(id=subject.id, created_at=now, updated_at=now)
            series.titles, series.descriptions = content["titles"], content["descriptions"]
            _insert(session, series)
            _to_series(session, series, content, now)
        case _:
            raise NotFound


def _insert(session: Session, row: Topic | Series) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else made it at the same moment
        raise WrongState from None


def _to_topic(topic: Topic, content: Content, now: datetime) -> None:
    topic.names, topic.descriptions = content["names"], content["descriptions"]
    topic.risk, topic.position, topic.words = content["risk"], content["position"], content["words"]
    topic.reviewed_by = content["reviewed_by"]
    topic.reviewed_at = moment_of(content["reviewed_at"])
    topic.review_due_at = moment_of(content["review_due_at"])
    topic.updated_at = now


def _to_host(host: Host, content: Content) -> None:
    for name in ("names", "titles", "institutions", "departments", "biographies", "initials"):
        setattr(host, name, content[name])


def _to_series(session: Session, series: Series, content: Content, now: datetime) -> None:
    series.titles, series.descriptions = content["titles"], content["descriptions"]
    series.updated_at = now
    _check_parts(session, series.id, content["livestreams"])
    session.execute(delete(SeriesMember).where(SeriesMember.series_id == series.id))
    try:
        with session.begin_nested():
            session.add_all(
                SeriesMember(livestream_id=part, series_id=series.id, position=place)
                for place, part in enumerate(content["livestreams"])
            )
    except IntegrityError:  # the other series was published at the same moment
        raise WrongState from None


def _check_parts(session: Session, series_id: str, parts: Iterable[str]) -> None:
    titles = livestream_titles(session, ids=parts)
    missing = [part for part in parts if part not in titles]
    if missing:
        message = _("There is no livestream %(ids)s any more.")
        raise InvalidInput(FieldError("livestreams", message, {"ids": ", ".join(missing)}))
    taken = session.scalars(
        select(SeriesMember.livestream_id).where(
            SeriesMember.livestream_id.in_(list(titles)), SeriesMember.series_id != series_id
        )
    ).all()
    if taken:
        named = ", ".join(in_language(titles[part], ENGLISH) for part in taken)
        message = _("These are part of another series: %(titles)s")
        raise InvalidInput(FieldError("livestreams", message, {"titles": named}))


def _to_livestream(
    session: Session, actor: Actor, livestream: Livestream, content: Content, now: datetime
) -> None:
    changes = {name: content[name] for name in ("titles", "descriptions", "language")}
    topics = tuple(content["topics"])
    _to_audiences(session, livestream, content["audiences"])
    try:
        edit_livestream(
            session,
            actor=actor,
            livestream=livestream,
            changes=changes | {"topics": topics},
            now=now,
        )
    except InvalidInput as error:
        raise InvalidInput(*(_beside(fault) for fault in error.errors)) from None
    livestream.updated_at = now


def _to_audiences(session: Session, livestream: Livestream, audiences: list[str]) -> None:
    """Write whom it is made for; it is closed when the topics are."""
    present = content_of(session, row=livestream) or {}
    if sorted(audiences) == present.get("audiences"):
        return
    if forbidden_fields(livestream.state, {"topics"}):
        raise NotEditable(state=livestream.state, fields="audiences")
    session.execute(
        delete(LivestreamAudience).where(LivestreamAudience.livestream_id == livestream.id)
    )
    session.add_all(
        LivestreamAudience(livestream_id=livestream.id, audience=name) for name in audiences
    )
    session.flush()


def _beside(fault: FieldError) -> FieldError:
    return FieldError(BESIDE.get(fault.field, fault.field), fault.message, fault.params)

"""What stands in one person's calendar, and the little that tells whether it has changed."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import Subject
from accounts.notices.models import Recipient, Registration
from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from catalog.queries import known_to
from core.orm import UtcDateTime
from scheduler.calendars.rules import Part
from scheduler.duties.rules import STANDING
from scheduler.models import CalendarFeed, Duty, Search

MOST: Final = 2000
"""Entries of one calendar, the latest."""


class Owner(NamedTuple):
    """Whose calendar it is, and how they want to read it."""

    feed_id: str
    recipient_id: str
    user_id: str | None
    language: str
    shows_titles: bool
    read_at: datetime | None


class Version(NamedTuple):
    """What changes whenever anything in a calendar does."""

    entries: int
    livestreams_at: datetime | None
    parts_at: datetime | None


def owner_of(session: Session, *, feed_id: str) -> Owner | None:
    """Return whose calendar it is; None when it was revoked or the account is closed."""
    row = session.execute(
        select(
            CalendarFeed.id,
            Recipient.id,
            Recipient.user_id,
            func.coalesce(User.language, Recipient.language),
            Recipient.shows_titles,
            CalendarFeed.read_at,
        )
        .join(Recipient, Recipient.id == CalendarFeed.recipient_id)
        .outerjoin(User, User.id == Recipient.user_id)
        .where(
            CalendarFeed.id == feed_id,
            CalendarFeed.revoked_at.is_(None),
            or_(Recipient.user_id.is_(None), User.active),
        )
    ).one_or_none()
    return None if row is None else Owner._make(row)


def open_feed(session: Session, *, recipient_id: str) -> CalendarFeed | None:
    """Return the calendar of somebody that was not revoked; of two the first."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.recipient_id == recipient_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at, CalendarFeed.id)
        .limit(1)
    ).one_or_none()


def version_of(session: Session, *, owner: Owner, actor: Actor, since: datetime) -> Version:
    """Return how many entries there are and when the last of them changed; one query."""
    parts = _parts(owner, actor, since, (Livestream.updated_at,)).subquery()
    newest = select(func.count(), func.max(parts.c.updated_at), func.max(parts.c.changed_at))
    return Version._make(session.connection().execute(newest.select_from(parts)).one())


def parts_of(
    session: Session, *, owner: Owner, actor: Actor, since: datetime, with_titles: bool
) -> list[Part]:
    """Return everything somebody has to do with livestreams that are not long over; one query."""
    columns = (
        Livestream.id,
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.timezone,
        Livestream.state,
        Livestream.sequence,
        Livestream.updated_at,
        Livestream.created_at,
        _is_wanted().label("wants_host"),
        Livestream.premiere,
    )
    titles = (Livestream.titles,) if with_titles else ()
    parts = _parts(owner, actor, since, columns, titles)
    newest = parts.order_by(parts.selected_columns.starts_at.desc()).limit(MOST)
    return [Part(*row) for row in session.connection().execute(newest)]


def _is_wanted() -> ColumnElement[bool]:
    return and_(Livestream.host_wanted_at.is_not(None), Livestream.state == L.SCHEDULED)


def _parts(
    owner: Owner,
    actor: Actor,
    since: datetime,
    columns: tuple[Any, ...],
    titles: tuple[Any, ...] = (),
) -> Any:  # noqa: ANN401 -- a SELECT, or several of the same columns
    """Return the parts with ``columns`` of their livestreams first and ``titles`` last."""
    chosen = [_waited_for(owner, actor, columns, titles, since)]
    if owner.user_id is not None:
        chosen += [
            _hosted(owner.user_id, columns, titles),
            _handed_on(owner.user_id, columns, titles, since).where(known_to(actor)),
            _moderated(owner.user_id, actor, columns, titles, since),
        ]
    recent = [query.where(Livestream.ends_at >= since) for query in chosen]
    return union_all(*recent) if len(recent) > 1 else recent[0]


def _waited_for(
    owner: Owner, actor: Actor, columns: tuple[Any, ...], titles: tuple[Any, ...], since: datetime
) -> Select[Any]:
    return (
        select(
            *columns,
            literal("viewer").label("role"),
            literal("").label("duty_id"),
            Registration.ended_at.is_not(None).label("is_over"),
            Registration.updated_at.label("changed_at"),
            Registration.asks.label("turns"),
            Registration.confirmed_at.label("since"),
            *titles,
        )
        .join(Livestream, Livestream.id == Registration.subject_id)
        .where(
            Registration.recipient_id == owner.recipient_id,
            Registration.subject_kind == Subject.LIVESTREAM,
            Registration.confirmed_at.is_not(None),
            or_(Registration.ended_at.is_(None), Registration.ended_at >= since),
            known_to(actor),
        )
    )


def _hosted(user_id: str, columns: tuple[Any, ...], titles: tuple[Any, ...]) -> Select[Any]:
    return select(
        *columns,
        literal("host"),
        literal(""),
        _is_wanted(),
        Livestream.updated_at,
        literal(0),
        _never(),
        *titles,
    ).where(Livestream.host_id == user_id, Livestream.state != L.DRAFT)


def _handed_on(
    user_id: str, columns: tuple[Any, ...], titles: tuple[Any, ...], since: datetime
) -> Select[Any]:
    left = _left_by(user_id)
    return (
        select(
            *columns,
            literal("host"),
            literal(""),
            literal(True),  # noqa: FBT003 -- a value in SQL
            left.c.left_at,
            literal(0),
            _never(),
            *titles,
        )
        .join(left, left.c.livestream_id == Livestream.id)
        .where(Livestream.host_id != user_id, left.c.left_at >= since)
    )


def _moderated(
    user_id: str, actor: Actor, columns: tuple[Any, ...], titles: tuple[Any, ...], since: datetime
) -> Select[Any]:
    """Return duties; who has one knows of its livestream, who has one no more as everybody does."""
    stands = Duty.state.in_(sorted(STANDING))
    is_recent = and_(Duty.updated_at >= since, known_to(actor))
    return (
        select(
            *columns,
            literal("moderator"),
            cast(Duty.id, String),
            ~stands,
            Duty.updated_at,
            literal(0),
            _never(),
            *titles,
        )
        .join(Livestream, Livestream.id == Duty.livestream_id)
        .where(Duty.moderator_id == user_id, Livestream.state != L.DRAFT, or_(stands, is_recent))
    )


def _left_by(user_id: str) -> Subquery:
    """Return the livestreams for which another host was looked for, and when that ended last."""
    left_at = func.max(func.coalesce(Search.closed_at, Search.opened_at))
    return (
        select(Search.livestream_id, left_at.label("left_at"))
        .where(Search.leaver_id == user_id)
        .group_by(Search.livestream_id)
        .subquery()
    )


def _never() -> ColumnElement[datetime | None]:
    return cast(null(), UtcDateTime)

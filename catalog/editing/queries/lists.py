"""Lists of the editors' pages: what there is, what waits as a draft, whose review is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import User
from catalog.editing.rules.contents import Subject, name_of
from catalog.enums import RevisionKind, RevisionState
from catalog.models import Host, Livestream, Revision, Series, SeriesMember, Topic
from core.words import LANGUAGES, Words

SHOWN: Final = 50
DRAFTS_SHOWN: Final = 50
FOUND_SHOWN: Final = 20
APART_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list; ``is_public`` False: it has no page (yet, or any more)."""

    id: str
    names: Words
    is_public: bool = True
    has_draft: bool = False
    parts: int = 0
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    review_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits to be published."""

    subject: Subject
    names: Words
    author: str
    created_at: datetime


def topics_listed(session: Session) -> tuple[Item, ...]:
    """Return every topic in its order, then those without a page."""
    with_draft = subjects_with_draft(session, kind=RevisionKind.TOPIC)
    rows = session.execute(
        select(
            Topic.slug, Topic.names, Topic.reviewed_by, Topic.reviewed_at, Topic.review_due_at
        ).order_by(Topic.position, Topic.slug)
    )
    public = [
        Item(
            row.slug,
            row.names,
            has_draft=row.slug in with_draft,
            reviewed_by=row.reviewed_by,
            reviewed_at=row.reviewed_at,
            review_due_at=row.review_due_at,
        )
        for row in rows
    ]
    return (*public, *_without_page(session, RevisionKind.TOPIC, Topic.slug))


def series_listed(session: Session, *, text: str = "", after: str = "") -> tuple[Item, ...]:
    """Return one more than ``SHOWN`` series after the id ``after``; first those without a page."""
    with_draft = subjects_with_draft(session, kind=RevisionKind.SERIES)
    parts = func.count(SeriesMember.livestream_id)
    statement = (
        select(Series.id, Series.titles, parts.label("parts"))
        .outerjoin(SeriesMember, SeriesMember.series_id == Series.id)
        .group_by(Series.id)
    )
    page = _page_of(statement, Series.id, Series.titles, text, after)
    rows = session.execute(page)
    public = [
        Item(row.id, row.titles, has_draft=row.id in with_draft, parts=row.parts) for row in rows
    ]
    apart = () if text or after else _without_page(session, RevisionKind.SERIES, Series.id)
    return (*apart, *public)


def hosts_listed(session: Session, *, text: str = "", after: str = "") -> tuple[Item, ...]:
    """Return one more than ``SHOWN`` hosts after the id ``after``."""
    with_draft = subjects_with_draft(session, kind=RevisionKind.HOST)
    statement = _page_of(select(Host.id, Host.names), Host.id, Host.names, text, after)
    rows = session.execute(statement)
    return tuple(Item(row.id, row.names, has_draft=row.id in with_draft) for row in rows)


def subjects_with_draft(session: Session, *, kind: RevisionKind) -> frozenset[str]:
    """Return the ids of the subjects of a kind that have a draft."""
    drafts = select(Revision.subject_id).where(
        Revision.kind == kind, Revision.state == RevisionState.DRAFT
    )
    return frozenset(session.scalars(drafts))


def drafts_waiting(session: Session) -> tuple[Waiting, ...]:
    """Return the drafts of all kinds, the newest first."""
    rows = session.execute(
        select(Revision, User.display_name, User.email)
        .outerjoin(User, User.id == Revision.author_id)
        .where(Revision.state == RevisionState.DRAFT)
        .order_by(Revision.created_at.desc(), Revision.id)
        .limit(DRAFTS_SHOWN)
    )
    return tuple(
        Waiting(
            Subject(RevisionKind(one.kind), one.subject_id),
            name_of(one.content),
            name or email or "",
            one.created_at,
        )
        for one, name, email in rows
    )


def reviews_due(session: Session, *, before: datetime) -> tuple[Item, ...]:
    """Return the signed topics whose next review is due before a moment, the most urgent first."""
    statement = (
        select(Topic)
        .where(Topic.reviewed_by != "", Topic.review_due_at < before)
        .order_by(Topic.review_due_at, Topic.slug)
    )
    return tuple(
        Item(
            one.slug,
            one.names,
            reviewed_by=one.reviewed_by,
            reviewed_at=one.reviewed_at,
            review_due_at=one.review_due_at,
        )
        for one in session.scalars(statement)
    )


def counts(session: Session) -> dict[str, int]:
    """Return how many there are of each kind, and of topics that nobody has signed."""
    numbers = {
        kind.value: select(func.count()).select_from(model)
        for kind, model in (
            (RevisionKind.TOPIC, Topic),
            (RevisionKind.SERIES, Series),
            (RevisionKind.HOST, Host),
            (RevisionKind.LIVESTREAM, Livestream),
        )
    }
    unsigned = select(func.count()).select_from(Topic).where(Topic.reviewed_by == "")
    numbers["unsigned"] = unsigned
    columns = [one.scalar_subquery().label(name) for name, one in numbers.items()]
    return dict(session.execute(select(*columns)).one()._mapping)  # noqa: SLF001 -- its public name


def find_livestreams(session: Session, *, text: str, without: Iterable[str]) -> dict[str, Words]:
    """Return livestreams in no series whose title holds ``text``, the newest first, by id."""
    statement = (
        select(Livestream.id, Livestream.titles)
        .outerjoin(SeriesMember, SeriesMember.livestream_id == Livestream.id)
        .where(
            SeriesMember.series_id.is_(None),
            Livestream.id.not_in(list(without)),
            _mentions(Livestream.titles, text),
        )
        .order_by(Livestream.starts_at.desc(), Livestream.id)
        .limit(FOUND_SHOWN)
    )
    return {row.id: row.titles for row in session.execute(statement)}


def _page_of(
    statement: Any,  # noqa: ANN401 -- a select of any columns
    key: InstrumentedAttribute[str],
    names: InstrumentedAttribute[Any],
    text: str,
    after: str,
) -> Select[Any]:
    page = statement.where(key > after).order_by(key).limit(SHOWN + 1)
    found: Select[Any] = page.where(_mentions(names, text)) if text else page
    return found


def _mentions(document: Any, text: str) -> ColumnElement[bool]:  # noqa: ANN401 -- a JSON column
    found = (document[tag].as_string().icontains(text, autoescape=True) for tag in LANGUAGES)
    return or_(*found)


def _without_page(
    session: Session, kind: RevisionKind, key: InstrumentedAttribute[str]
) -> Sequence[Item]:
    """Return what was never published or was taken away: its newest revision names it."""
    revisions = session.execute(
        select(Revision.subject_id, Revision.content, Revision.state)
        .where(Revision.kind == kind, Revision.subject_id.not_in(select(key)))
        .order_by(Revision.number)
        .limit(APART_SHOWN)
    )
    newest = {row.subject_id: row for row in revisions}
    drafts = subjects_with_draft(session, kind=kind)
    return [
        Item(name, name_of(row.content), is_public=False, has_draft=name in drafts)
        for name, row in newest.items()
    ]

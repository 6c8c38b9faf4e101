"""How one subject stands: its page, its draft, its history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.editing.queries.contents import content_of, is_possible, subject_row
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint
from catalog.enums import RevisionState
from catalog.models import Revision

HISTORY_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """A subject with everything that an editor works on; ``newest`` is the highest number."""

    subject: Subject
    live: Content | None
    draft: Revision | None
    published: Revision | None
    newest: int

    @property
    def content(self) -> Content:
        """What a form begins with: the draft, else the page; of a page taken away, its last."""
        if self.draft is not None:
            return self.draft.content
        return self.live or (self.published.content if self.published else {})

    @property
    def base(self) -> Base:
        """What a form that is filled from this is based on."""
        if self.draft is not None:
            return Base(self.draft.number, fingerprint(self.draft.content))
        return Base(0, fingerprint(self.live))

    @property
    def has_moved(self) -> bool:
        """Whether the page was changed after the draft had been begun."""
        if self.draft is None or self.live is None:
            return False
        begun_from = self.published.content if self.published else None
        return fingerprint(self.live) != fingerprint(begun_from)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history; ``published_at`` None: a draft that was put aside."""

    number: int
    content: Content
    author: str
    note: str
    created_at: datetime
    published_at: datetime | None


def desk_of(session: Session, *, subject: Subject, lock: bool = False) -> Desk:
    """Return how a subject stands; ``lock`` keeps others from writing it until the end.

    ``published`` is what was on the page when the draft was begun; without one, the last.
    """
    if not is_possible(subject):
        return Desk(subject, None, None, None, 0)
    row = subject_row(session, subject=subject, lock=lock)
    live = content_of(session, row=row)
    mine = (Revision.kind == subject.kind, Revision.subject_id == subject.id)
    drafts = select(Revision).where(*mine, Revision.state == RevisionState.DRAFT)
    held = drafts.with_for_update().execution_options(populate_existing=True)
    draft = session.scalars(held if lock else drafts).one_or_none()
    newest = session.scalar(select(func.max(Revision.number)).where(*mine)) or 0
    before = draft.number if draft else newest + 1
    published = session.scalars(
        select(Revision)
        .where(*mine, Revision.published_at.is_not(None), Revision.number < before)
        .order_by(Revision.number.desc())
        .limit(1)
    ).one_or_none()
    return Desk(subject, live, draft, published, newest)


def revision_of(session: Session, *, subject: Subject, number: int) -> Revision | None:
    """Return one revision that is no draft."""
    return session.scalars(
        select(Revision).where(
            Revision.kind == subject.kind,
            Revision.subject_id == subject.id,
            Revision.number == number,
            Revision.state == RevisionState.PUBLISHED,
        )
    ).one_or_none()


def history_of(session: Session, *, subject: Subject) -> tuple[Entry, ...]:
    """Return what was published and put aside, the newest first, with who wrote it."""
    rows = session.execute(
        select(Revision, User.display_name, User.email)
        .outerjoin(User, User.id == Revision.author_id)
        .where(
            Revision.kind == subject.kind,
            Revision.subject_id == subject.id,
            Revision.state == RevisionState.PUBLISHED,
        )
        .order_by(Revision.number.desc())
        .limit(HISTORY_SHOWN)
    )
    return tuple(
        Entry(
            one.number,
            one.content,
            name or email or "",
            one.note,
            one.created_at,
            one.published_at,
        )
        for one, name, email in rows
    )


def newest_published(session: Session, *, subject: Subject) -> Revision | None:
    """Return the newest revision that was on a page."""
    return session.scalars(
        select(Revision)
        .where(
            Revision.kind == subject.kind,
            Revision.subject_id == subject.id,
            Revision.published_at.is_not(None),
        )
        .order_by(Revision.number.desc())
        .limit(1)
    ).one_or_none()

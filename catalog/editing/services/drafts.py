"""Saving and discarding drafts; nothing that was saved is ever overwritten unseen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.editing.errors import DraftMoved, NoDraft
from catalog.editing.queries import Desk, desk_of
from catalog.editing.queries.desks import newest_published
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint, normal, plain
from catalog.editing.rules.editors import check_may_edit
from catalog.editing.services.auditing import note_act
from catalog.enums import RevisionState
from catalog.models import Revision

LONGEST_NOTE: Final = 200


def save_draft(
    session: Session,
    *,
    actor: Actor,
    subject: Subject,
    content: Mapping[str, Any],
    base: Base,
    now: datetime,
    note: str = "",
    over: bool = False,
) -> Revision:
    """Write the one draft of a subject.

    Args:
        session: Only flushed.
        actor: An editor or administrator.
        subject: A slug or id that need not have a page yet.
        content: Whatever was typed; it is checked when it is published.
        base: What the form had been filled from (see ``Desk.base``).
        now: When.
        note: What was changed and why, for the history.
        over: The draft that ``base`` names is somebody else's: it is put aside, not overwritten.

    Raises:
        DraftMoved: The draft, or the page without one, is not what the form was filled from.
    """
    check_may_edit(actor)
    desk = desk_of(session, subject=subject, lock=True)
    if desk.base != base:
        raise DraftMoved(desk.content)
    draft = desk.draft
    if draft is not None and over:
        put_aside(session, draft)
    if draft is None or over:
        keep_present(session, desk, now)
        return _new_draft(session, actor, subject, normal(subject.kind, content), note, now)
    draft.content = normal(subject.kind, content)
    draft.author_id, draft.note, draft.created_at = actor.user_id, plain(note)[:LONGEST_NOTE], now
    session.flush()
    return draft


def discard_draft(session: Session, *, actor: Actor, subject: Subject, now: datetime) -> Revision:
    """Put the draft aside; the history keeps it, and it can be taken up again.

    Raises:
        NoDraft: There is none (any more).
    """
    check_may_edit(actor)
    draft = desk_of(session, subject=subject, lock=True).draft
    if draft is None:
        raise NoDraft
    put_aside(session, draft)
    note_act(session, actor=actor, subject=subject, act="discard", number=draft.number, now=now)
    return draft


def keep_aside(
    session: Session,
    *,
    actor: Actor,
    subject: Subject,
    content: Mapping[str, Any],
    now: datetime,
    note: str = "",
) -> Revision:
    """Keep a text in the history that gave way to somebody else's; it can be taken up later."""
    check_may_edit(actor)
    desk_of(session, subject=subject, lock=True)
    kept = _revision(actor, subject, normal(subject.kind, content), note, now)
    kept.number, kept.state = next_number(session, subject), RevisionState.PUBLISHED
    session.add(kept)
    session.flush()
    return kept


def put_aside(session: Session, draft: Revision) -> None:
    """Make a draft a part of the history that was never on a page."""
    draft.state, draft.published_at = RevisionState.PUBLISHED, None
    session.flush()


def take_up(
    session: Session, *, actor: Actor, subject: Subject, desk: Desk, content: Content, now: datetime
) -> Revision:
    """Make a new draft of something that was put aside; there must be no other."""
    keep_present(session, desk, now)
    return _new_draft(session, actor, subject, content, "", now)


def keep_present(session: Session, desk: Desk, now: datetime) -> None:
    """Keep what the page says as a published revision, unless the newest one says the same.

    What was written elsewhere (at the start, on the hosting form) can then be brought back, too.
    """
    if desk.live is None:
        return
    newest = newest_published(session, subject=desk.subject)
    if newest is not None and fingerprint(newest.content) == fingerprint(desk.live):
        return
    session.add(
        Revision(
            kind=desk.subject.kind,
            subject_id=desk.subject.id,
            number=next_number(session, desk.subject),
            state=RevisionState.PUBLISHED,
            content=desk.live,
            created_at=now,
            published_at=now,
        )
    )
    session.flush()


def next_number(session: Session, subject: Subject) -> int:
    """Return the number of the next revision."""
    return desk_of(session, subject=subject).newest + 1


def _new_draft(
    session: Session, actor: Actor, subject: Subject, content: Content, note: str, now: datetime
) -> Revision:
    draft = _revision(actor, subject, content, note, now)
    draft.number = next_number(session, subject)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:  # a subject without a row cannot be locked: the index decides
        raise DraftMoved(desk_of(session, subject=subject).content) from None
    return draft


def _revision(
    actor: Actor, subject: Subject, content: Content, note: str, now: datetime
) -> Revision:
    return Revision(
        kind=subject.kind,
        subject_id=subject.id,
        state=RevisionState.DRAFT,
        content=content,
        author_id=actor.user_id,
        note=plain(note)[:LONGEST_NOTE],
        created_at=now,
    )

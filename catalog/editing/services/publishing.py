"""Publishing a draft, and bringing back what was published before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.editing.errors import DraftInTheWay, DraftMoved, LiveMoved, MovedOn, NoDraft
from catalog.editing.queries import Desk, desk_of, revision_of
from catalog.editing.queries.desks import newest_published
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint
from catalog.editing.rules.editors import check_may_edit
from catalog.editing.rules.faults import content_faults
from catalog.editing.rules.signatures import is_kept, is_withdrawn
from catalog.editing.services.applying import apply
from catalog.editing.services.auditing import note_act
from catalog.editing.services.drafts import keep_present, next_number, take_up
from catalog.enums import RevisionKind, RevisionState
from catalog.models import Revision
from core.errors import InvalidInput, NotFound


def publish(
    session: Session,
    *,
    actor: Actor,
    subject: Subject,
    base: Base,
    now: datetime,
    over: str = "",
) -> Revision:
    """Put the draft on the page; what the page said before is kept, so that it can be brought back.

    Args:
        session: Only flushed.
        actor: An editor or administrator.
        subject: What is edited.
        base: The draft that the person saw.
        now: When.
        over: The fingerprint of a page that was changed since the draft was begun, which the person
            has seen and means to replace.

    Raises:
        NoDraft: Somebody else published or discarded it.
        DraftMoved: The draft says something else by now.
        LiveMoved: The page was changed since the draft was begun.
        InvalidInput: Every fault beside its field.
    """
    check_may_edit(actor)
    desk = desk_of(session, subject=subject, lock=True)
    draft = desk.draft
    if draft is None:
        raise NoDraft
    if desk.base != base:
        raise DraftMoved(desk.content)
    if desk.has_moved and desk.live is not None and over != fingerprint(desk.live):
        raise LiveMoved(desk.live)
    _check(subject, draft.content, now)
    keep_present(session, desk, now)
    apply(session, actor=actor, subject=subject, content=draft.content, now=now)
    if desk_of(session, subject=subject).newest != draft.number:
        draft.number = next_number(session, subject)  # after everything that came while it waited
    draft.state, draft.published_at = RevisionState.PUBLISHED, now
    draft.author_id = actor.user_id
    session.flush()
    _note(session, actor, desk, draft, "publish", now)
    return draft


def restore(
    session: Session, *, actor: Actor, subject: Subject, number: int, expected: int, now: datetime
) -> Revision:
    """Publish an old revision again, as a new one; what was put aside becomes the draft instead.

    ``expected`` is the number of the newest published revision that the person saw, 0 for none.

    Raises:
        NotFound: There is no such revision.
        MovedOn: Something newer was published meanwhile.
        DraftInTheWay: It was put aside, and there is another draft.
        InvalidInput: The old content does not fit what exists now.
    """
    check_may_edit(actor)
    desk = desk_of(session, subject=subject, lock=True)
    old = revision_of(session, subject=subject, number=number)
    if old is None:
        raise NotFound
    newest = newest_published(session, subject=subject)
    if (newest.number if newest else 0) != expected:
        raise MovedOn
    if old.published_at is None:
        return _draft_again(session, actor, desk, old, now)
    _check(subject, old.content, now)
    keep_present(session, desk, now)
    apply(session, actor=actor, subject=subject, content=old.content, now=now)
    made = _published(session, actor, subject, old.content, now)
    _note(session, actor, desk, made, "restore", now, of=number)
    return made


def _draft_again(
    session: Session, actor: Actor, desk: Desk, old: Revision, now: datetime
) -> Revision:
    if desk.draft is not None:
        raise DraftInTheWay
    return take_up(
        session, actor=actor, subject=desk.subject, desk=desk, content=old.content, now=now
    )


def _published(
    session: Session, actor: Actor, subject: Subject, content: Content, now: datetime
) -> Revision:
    made = Revision(
        kind=subject.kind,
        subject_id=subject.id,
        number=next_number(session, subject),
        state=RevisionState.PUBLISHED,
        content=content,
        author_id=actor.user_id,
        created_at=now,
        published_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _check(subject: Subject, content: Content, now: datetime) -> None:
    faults = content_faults(subject.kind, content, now)
    if faults:
        raise InvalidInput(*faults)


def _note(
    session: Session,
    actor: Actor,
    desk: Desk,
    made: Revision,
    act: str,
    now: datetime,
    **details: object,
) -> None:
    said = {**details, **_signature(desk, made.content)}
    note_act(
        session, actor=actor, subject=desk.subject, act=act, number=made.number, now=now, **said
    )


def _signature(desk: Desk, content: Mapping[str, Any]) -> dict[str, str]:
    """Say in the log what became of a clinician's signature."""
    if desk.subject.kind != RevisionKind.TOPIC:
        return {}
    before = desk.live or {}
    if is_kept(before, content):
        return {"signature": "kept"}
    if is_withdrawn(before, content):
        return {"signature": "withdrawn"}
    signed = content["reviewed_by"] and content["reviewed_at"] != before.get("reviewed_at")
    return {"signature": "signed"} if signed else {}

"""The form of a subject: saved as a draft, published, discarded, taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.editing import services
from catalog.editing.access import desk_for
from catalog.editing.errors import Collision, DraftMoved, LiveMoved, MovedOn
from catalog.editing.forms import base_of, read, values_of
from catalog.editing.queries import Desk, history_of
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint, flat, name_of
from catalog.editing.rules.differences import differences
from catalog.editing.rules.messaging import messaging_findings
from catalog.editing.views.blueprint import (
    REMOVABLE,
    SECTIONS,
    SEE_OTHER,
    address,
    current_session,
    for_subjects,
    pages,
    unkept,
)
from catalog.editing.views.choices import choices_for, readable
from catalog.models import Revision
from core.errors import FieldError, InvalidInput, Refusal, WrongState


@dataclass(frozen=True, slots=True)
class Told:
    """What a form is shown again with."""

    status: int = 200
    refusal: Refusal | None = None
    faults: tuple[FieldError, ...] = ()
    theirs: Content | None = None
    over_draft: bool = False
    over_live: str = ""
    found: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Told()


@for_subjects("", "GET")
def edit(subject: Subject) -> Response:
    """Show the draft, or else what the page says, in a form."""
    desk = desk_for(current_session(), actor=g.actor, subject=subject)
    return _form(desk, desk.content, desk.base)


@for_subjects("", "POST")
def write(subject: Subject) -> AnyResponse:
    """Save what was typed as the draft, and go on as the pressed button says."""
    session = current_session()
    desk = desk_for(session, actor=g.actor, subject=subject)
    typed = read(subject, request.form, live=desk.live, before=desk.content, now=g.now)
    do = request.form.get("do", "save")
    if do == "find":
        return _form(desk, typed, base_of(request.form), _still(found=_choices(desk, typed)))
    if do == "theirs":
        return _give_way(subject, typed)
    try:
        draft = services.save_draft(
            session,
            actor=g.actor,
            subject=subject,
            content=typed,
            base=base_of(request.form),
            note=request.form.get("note", ""),
            over=bool(request.form.get("over_draft")),
            now=g.now,
        )
    except DraftMoved as moved:
        session.rollback()
        return _collision(subject, typed, moved)
    session.commit()
    if do == "publish":
        return _publish(subject, draft)
    page = "preview" if do == "preview" else "edit"
    return redirect(address(page, subject, done=None if do == "preview" else "saved"), SEE_OTHER)


@for_subjects("/discard", "POST")
def discard(subject: Subject) -> AnyResponse:
    """Put the draft aside."""
    session = current_session()
    desk = desk_for(session, actor=g.actor, subject=subject)
    services.discard_draft(session, actor=g.actor, subject=subject, now=g.now)
    session.commit()
    if desk.live is None:
        return redirect(address("history", subject), SEE_OTHER)
    return redirect(address("edit", subject, done="discarded"), SEE_OTHER)


@for_subjects("/restore", "POST")
def restore(subject: Subject) -> AnyResponse:
    """Publish an old revision again, or take up what was put aside."""
    session = current_session()
    desk_for(session, actor=g.actor, subject=subject)
    try:
        made = services.restore(
            session,
            actor=g.actor,
            subject=subject,
            number=_number("number"),
            expected=_number("expected"),
            now=g.now,
        )
    except InvalidInput:
        session.rollback()
        return redirect(address("history", subject, fault="unfit"), SEE_OTHER)
    except MovedOn:
        session.rollback()
        return redirect(address("history", subject, fault="moved"), SEE_OTHER)
    session.commit()
    done = "restored" if made.published_at else "taken_up"
    return redirect(address("edit", subject, done=done), SEE_OTHER)


@for_subjects("/delete", "POST", REMOVABLE)
def delete(subject: Subject) -> AnyResponse:
    """Take away a topic or a series that nothing belongs to; its list offers to undo it."""
    session = current_session()
    desk_for(session, actor=g.actor, subject=subject)
    services.remove(session, actor=g.actor, subject=subject, now=g.now)
    session.commit()
    section = SECTIONS[subject.kind]
    return redirect(url_for(f"editing_pages.{section.path}", deleted=subject.id), SEE_OTHER)


def _still(*, found: Mapping[str, Any]) -> Told:
    """Keep what the form knows of somebody else's text: it is never overwritten in place."""
    over_draft = bool(request.form.get("over_draft"))
    return Told(over_draft=over_draft, over_live=request.form.get("over_live", ""), found=found)


def _publish(subject: Subject, draft: Revision) -> AnyResponse:
    session = current_session()
    try:
        services.publish(
            session,
            actor=g.actor,
            subject=subject,
            base=Base(draft.number, fingerprint(draft.content)),
            over=request.form.get("over_live", ""),
            now=g.now,
        )
    except InvalidInput as error:
        return _again(subject, Told(error.status, faults=error.errors))
    except LiveMoved as moved:
        over = fingerprint(moved.theirs)
        told = Told(moved.status, moved, theirs=dict(moved.theirs), over_live=over)
        return _again(subject, told)
    except Refusal as refusal:
        if refusal.status != WrongState.status:
            raise
        return _again(subject, Told(refusal.status, refusal))
    session.commit()
    return redirect(address("edit", subject, done="published"), SEE_OTHER)


def _again(subject: Subject, told: Told) -> Response:
    """Show the draft that was just saved, with what stood in the way of publishing it."""
    session = current_session()
    session.rollback()
    desk = desk_for(session, actor=g.actor, subject=subject)
    return _form(desk, desk.content, desk.base, told)


def _collision(subject: Subject, typed: Content, moved: Collision) -> Response:
    """Show both texts; the form goes on with what was typed, based on what was compared."""
    desk = desk_for(current_session(), actor=g.actor, subject=subject)
    told = Told(moved.status, moved, theirs=dict(moved.theirs), over_draft=True)
    return _form(desk, typed, desk.base, told)


def _give_way(subject: Subject, typed: Content) -> AnyResponse:
    """Leave somebody else's text as it is; what was typed stays in the history."""
    session = current_session()
    note = request.form.get("note", "")
    services.keep_aside(
        session, actor=g.actor, subject=subject, content=typed, note=note, now=g.now
    )
    session.commit()
    return redirect(address("edit", subject, done="aside"), SEE_OTHER)


def _form(desk: Desk, content: Content, base: Base, told: Told = NOTHING) -> Response:
    session = current_session()
    kind = desk.subject.kind
    against = told.theirs if told.theirs is not None else desk.live
    changed = differences(readable(session, kind, against), readable(session, kind, content))
    faults: dict[str, FieldError] = {}
    for fault in told.faults:
        faults.setdefault(fault.field, fault)
    page = render_template(
        f"catalog/editing/{kind}.html",
        subject=desk.subject,
        desk=desk,
        base=base,
        content=content,
        values=values_of(content, desk.live),
        faults=faults,
        told=told,
        wording=messaging_findings(flat(content)),
        changed=changed if desk.live or told.theirs else (),
        done=request.args.get("done", ""),
        undo=_undo(desk),
        removable=kind in REMOVABLE and desk.live is not None,
        called=name_of(content) or name_of(desk.live or {}),
        **(told.found or _choices(desk, content)),
    )
    return unkept(page, told.status)


def _choices(desk: Desk, content: Content) -> dict[str, Any]:
    search = request.form.get("search", "")
    return choices_for(current_session(), desk=desk, content=content, search=search, now=g.now)


def _undo(desk: Desk) -> tuple[int, int] | None:
    """Return what one press brings back right after publishing, and the number it undoes."""
    if request.args.get("done") not in {"published", "restored"}:
        return None
    on_page = [
        one for one in history_of(current_session(), subject=desk.subject) if one.published_at
    ]
    return (on_page[1].number, on_page[0].number) if len(on_page) > 1 else None


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 0  # noqa: PLR2004 -- no history is that long


__all__ = ["delete", "discard", "edit", "pages", "restore", "write"]

"""The history of a subject: who published what, when and why, and what it changed."""

from flask import Response, g, render_template, request

from catalog.editing.access import desk_for
from catalog.editing.queries import Entry, history_of
from catalog.editing.rules.contents import Subject, name_of
from catalog.editing.rules.differences import differences
from catalog.editing.rules.signatures import is_kept, is_withdrawn
from catalog.editing.views.blueprint import current_session, for_subjects, unkept
from catalog.editing.views.choices import readable


@for_subjects("/history", "GET")
def history(subject: Subject) -> Response:
    """Show the history; ``?number=`` chooses the revision whose changes are shown."""
    session = current_session()
    desk = desk_for(session, actor=g.actor, subject=subject)
    entries = history_of(session, subject=subject)
    chosen = _chosen(entries)
    before = _before(entries, chosen) if chosen else None
    pair = (one.content if one else None for one in (before, chosen))
    old, new = (readable(session, subject.kind, content) for content in pair)
    page = render_template(
        "catalog/editing/history.html",
        subject=subject,
        desk=desk,
        entries=entries,
        chosen=chosen,
        before=before,
        changed=differences(old, new),
        marks={one.number: _mark(entries, one) for one in entries},
        current=next((one.number for one in entries if one.published_at), 0),
        called=name_of(desk.content),
        fault=request.args.get("fault", ""),
    )
    return unkept(page)


def _chosen(entries: tuple[Entry, ...]) -> Entry | None:
    wanted = request.args.get("number", "")
    return next((one for one in entries if str(one.number) == wanted), next(iter(entries), None))


def _before(entries: tuple[Entry, ...], chosen: Entry) -> Entry | None:
    """Return what was on the page before a revision."""
    older = (one for one in entries if one.number < chosen.number and one.published_at)
    return next(older, None)


def _mark(entries: tuple[Entry, ...], entry: Entry) -> str:
    """Return what became of a clinician's signature with this revision."""
    before = _before(entries, entry)
    if before is None or entry.published_at is None:
        return ""
    if is_kept(before.content, entry.content):
        return "kept"
    return "withdrawn" if is_withdrawn(before.content, entry.content) else ""

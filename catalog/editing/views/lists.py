"""What there is to edit: the first page, and a list of each kind."""

from datetime import timedelta
from typing import Final

from flask import Response, g, render_template, request

from catalog.editing import queries
from catalog.editing.queries.desks import newest_published
from catalog.editing.queries.lists import SHOWN
from catalog.editing.rules.contents import Subject
from catalog.editing.views.blueprint import current_session, pages, unkept
from catalog.enums import RevisionKind
from catalog.queries import Filters, list_livestreams
from catalog.topic_words import review_state

SOON: Final = timedelta(days=60)
"""A review that is due within this is on the first page."""
LIVESTREAMS_SHOWN: Final = 24


@pages.get("/editing")
def index() -> Response:
    """Show drafts that wait, reviews that are due, and the way to everything else."""
    session = current_session()
    page = render_template(
        "catalog/editing/index.html",
        waiting=queries.drafts_waiting(session),
        due=queries.reviews_due(session, before=g.now + SOON),
        counts=queries.counts(session),
        review_state=review_state,
    )
    return unkept(page)


@pages.get("/editing/topics")
def topics() -> Response:
    """Show every topic with its review."""
    listed = queries.topics_listed(current_session())
    page = render_template(
        "catalog/editing/topics.html",
        items=listed,
        review_state=review_state,
        undo=_deleted(RevisionKind.TOPIC),
    )
    return unkept(page)


@pages.get("/editing/series")
def series() -> Response:
    """Show series, a page at a time."""
    text, after = request.args.get("text", "").strip(), request.args.get("after", "")
    listed = queries.series_listed(current_session(), text=text, after=after)
    public = [one for one in listed if one.is_public]
    more = public[SHOWN - 1].id if len(public) > SHOWN else None
    items = [one for one in listed if not one.is_public] + public[:SHOWN]
    page = render_template(
        "catalog/editing/series_list.html",
        items=items,
        more=more,
        text=text,
        undo=_deleted(RevisionKind.SERIES),
    )
    return unkept(page)


@pages.get("/editing/hosts")
def hosts() -> Response:
    """Show hosts, a page at a time."""
    text, after = request.args.get("text", "").strip(), request.args.get("after", "")
    listed = queries.hosts_listed(current_session(), text=text, after=after)
    more = listed[SHOWN - 1].id if len(listed) > SHOWN else None
    page = render_template("catalog/editing/hosts.html", items=listed[:SHOWN], more=more, text=text)
    return unkept(page)


@pages.get("/editing/livestreams")
def livestreams() -> Response:
    """Show livestreams, the latest start first, a page at a time."""
    session = current_session()
    text = request.args.get("text", "").strip()
    filters = Filters(text=text, newest_first=True)
    older = request.args.get("older", "")
    shown = list_livestreams(
        session, actor=g.actor, filters=filters, cursor=older, limit=LIVESTREAMS_SHOWN
    )
    with_draft = queries.subjects_with_draft(session, kind=RevisionKind.LIVESTREAM)
    page = render_template(
        "catalog/editing/livestreams.html",
        shown=shown,
        text=text,
        is_first=not older,
        with_draft=with_draft,
    )
    return unkept(page)


def _deleted(kind: RevisionKind) -> tuple[Subject, int] | None:
    """Return what was just taken away, and the number that brings it back."""
    subject = Subject(kind, request.args.get("deleted", ""))
    if not subject.id:
        return None
    session = current_session()
    desk = queries.desk_of(session, subject=subject)
    kept = newest_published(session, subject=subject) if desk.newest and not desk.live else None
    return (subject, kept.number) if kept else None

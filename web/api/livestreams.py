"""Livestreams: list, read, create, edit."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement

from catalog import access, queries
from catalog.queries import Filters
from catalog.rules import LivestreamDraft
from catalog.search.queries.matching import mentions
from core.clock import utc_now
from core.errors import FieldError, InvalidInput, _
from streams.doors.keys import ensure_key
from streams.life import services as life
from web.addresses import site_url
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.keeping import kept_for_strangers
from web.api.schemas import (
    IN_ANY_LANGUAGE,
    LivestreamList,
    LivestreamPatch,
    LivestreamQuery,
    LivestreamView,
    LivestreamWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor

FIELDS: Final = {
    "title": "titles",
    "description": "descriptions",
    "host": "host_id",
    "organisation": "organisation_id",
}
"""Where the API's names differ from those of the draft."""


@api.get("/livestreams")
@kept_for_strangers
@api.input(LivestreamQuery, location="query", arg_name="query")
@api.output(LivestreamList)
def list_livestreams(query: LivestreamQuery) -> dict[str, Any]:
    """List the livestreams that the asker may know of, by start."""
    page = queries.list_livestreams(
        db.session,
        actor=current_actor(),
        filters=_filters(query),
        also=_searched(query.q),
        cursor=query.cursor,
        limit=query.limit,
    )
    items = presenting.livestreams(list(page.items))
    return {"items": items, "next_cursor": page.next_cursor}


@api.get("/livestreams/<livestream_id>")
@api.output(LivestreamView)
def read_livestream(livestream_id: str) -> dict[str, Any]:
    """Read one livestream."""
    view = access.livestream_view_for(
        db.session, livestream_id=livestream_id, actor=current_actor()
    )
    return presenting.one_livestream(view)


@api.post("/livestreams")
@signed_in
@api.input(LivestreamWrite, arg_name="written")
@api.output(LivestreamView, status_code=201)
@api.doc(security="bearer")
@writes
def create_livestream(written: LivestreamWrite) -> Answer:
    """Create a draft: a host for themselves, editors and administrators for any host."""
    actor = current_actor()
    livestream = life.create_livestream(
        db.session,
        actor=actor,
        draft=_draft(written, default_host=actor.user_id),
        window_seconds=presenting.settings().interruption_window,
        data_key=presenting.settings().data_key,
        now=utc_now(),
    )
    body = shown(livestream.id)
    return body, 201, {"Location": f"{site_url()}/api/v1/livestreams/{livestream.id}"}


@api.patch("/livestreams/<livestream_id>")
@api.input(LivestreamPatch, arg_name="written")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def edit_livestream(livestream_id: str, written: LivestreamPatch) -> Answer:
    """Change a livestream: its host what concerns words, the staff everything its state allows."""
    actor = current_actor()
    livestream = access.livestream_to_run(db.session, livestream_id=livestream_id, actor=actor)
    life.edit_livestream(
        db.session,
        actor=actor,
        livestream=livestream,
        changes=_changes(written, livestream.language),
        now=utc_now(),
    )
    data_key = presenting.settings().data_key
    ensure_key(db.session, livestream_id=livestream_id, data_key=data_key, now=utc_now())
    return shown(livestream_id), 200, {}


def shown(livestream_id: str) -> dict[str, Any]:
    """Return the object of a livestream that the present request has just written."""
    view = access.livestream_view_for(
        db.session, livestream_id=livestream_id, actor=current_actor()
    )
    return presenting.one_livestream(view)


def _filters(query: LivestreamQuery) -> Filters:
    return Filters(
        states=tuple(state.strip() for state in query.state.split(",") if state.strip()),
        topic=query.topic,
        language=query.language,
        starts_from=query.starts_from,
        starts_to=query.starts_to,
        audience=query.audience,
        series_id=query.series,
    )


def _searched(text: str) -> ColumnElement[bool] | None:
    if not text.strip():
        return None
    return mentions(db.session, text=text, now=utc_now())


def _draft(written: LivestreamWrite, *, default_host: str | None) -> LivestreamDraft:
    values = {FIELDS.get(name, name): value for name, value in written}
    values["titles"] = _words(written.title, written.language)
    values["descriptions"] = _words(written.description, written.language)
    values["topics"] = tuple(written.topics)
    values["host_id"] = written.host or default_host
    return LivestreamDraft(**values)


def _changes(written: LivestreamPatch, language: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in written.model_fields_set:
        value = getattr(written, name)
        if value is None and name != "organisation":
            raise InvalidInput(FieldError(name, _("This cannot be empty.")))
        if name in {"title", "description"}:
            value = _words(value, written.language or language)
        changes[FIELDS.get(name, name)] = tuple(value) if name == "topics" else value
    return changes


def _words(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {(language if tag == IN_ANY_LANGUAGE else tag): text for tag, text in words.items()}

"""Rooms: the list, a new one, another name, the end of one."""

from collections.abc import Mapping

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import FieldError, InvalidInput, WrongState
from core.words import CHINESE, ENGLISH
from scheduler.duties import access
from scheduler.duties.queries import rooms_listed
from scheduler.duties.views.blueprint import (
    SEE_OTHER,
    by_field,
    current_session,
    names_in,
    pages,
    reason_of,
    unkept,
)
from scheduler.models import Room


@pages.get("/administration/rooms")
def rooms() -> Response:
    """Show all rooms and the form of a new one."""
    access.check_staff(g.actor)
    return _list()


@pages.post("/administration/rooms")
def create_room() -> AnyResponse:
    """Add a room."""
    session = current_session()
    note = request.form.get("note", "")
    try:
        access.create_room(
            session, actor=g.actor, names=names_in(request.form), note=note, now=g.now
        )
    except InvalidInput as refusal:
        session.rollback()
        return _list(values=request.form, faults=by_field(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("duties_pages.rooms", done="created"), SEE_OTHER)


@pages.get("/administration/rooms/<room_id>")
def room(room_id: str) -> Response:
    """Show the form of one room."""
    found = access.room_for(current_session(), actor=g.actor, room_id=room_id)
    return _one(found, _values(found))


@pages.post("/administration/rooms/<room_id>")
def rename_room(room_id: str) -> AnyResponse:
    """Change the names and the note of a room."""
    session = current_session()
    found = access.room_for(session, actor=g.actor, room_id=room_id)
    note = request.form.get("note", "")
    try:
        access.rename_room(
            session,
            actor=g.actor,
            room_id=room_id,
            names=names_in(request.form),
            note=note,
            now=g.now,
        )
    except InvalidInput as refusal:
        session.rollback()
        return _one(found, request.form, faults=by_field(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("duties_pages.rooms", done="saved"), SEE_OTHER)


@pages.post("/administration/rooms/<room_id>/close")
def close_room(room_id: str) -> AnyResponse:
    """Let nothing more take place in a room."""
    session = current_session()
    found = access.room_for(session, actor=g.actor, room_id=room_id)
    try:
        access.close_room(session, actor=g.actor, room_id=room_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _one(found, _values(found), refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("duties_pages.rooms", done="closed"), SEE_OTHER)


def _values(found: Room) -> dict[str, str]:
    names = found.names
    return {
        "name_en": names.get(ENGLISH, ""),
        "name_zh": names.get(CHINESE, ""),
        "note": found.note,
    }


def _list(
    *,
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, FieldError] | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "scheduler/duties/rooms.html",
        rooms=rooms_listed(current_session(), now=g.now),
        values=values or {},
        faults=faults or {},
        done=request.args.get("done", ""),
    )
    return unkept(page, status)


def _one(
    found: Room,
    values: Mapping[str, str],
    *,
    faults: Mapping[str, FieldError] | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "scheduler/duties/room.html",
        room=found,
        values=values,
        faults=faults or {},
        refusal=refusal,
    )
    return unkept(page, status)

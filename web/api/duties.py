"""Duties: a moderator's own, for the staff all of them. Rooms, for the staff."""

from typing import Any

from core.clock import rfc3339, utc_now
from scheduler.duties import access
from scheduler.duties.queries import DutyRow, RoomRow, duty_row, duty_rows, rooms_listed
from scheduler.models import Duty
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas import ListQuery
from web.api.schemas.duties import (
    DutyDecline,
    DutyItem,
    DutyList,
    DutyWrite,
    RoomItem,
    RoomList,
    RoomWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.language import current_language, translate
from web.security import current_actor


@api.get("/duties")
@signed_in
@api.input(ListQuery, location="query", arg_name="query")
@api.output(DutyList)
@api.doc(security="bearer")
def list_duties(query: ListQuery) -> dict[str, Any]:
    """List duties by id: the asker's own; the staff see all."""
    actor = current_actor()
    found = duty_rows(
        db.session,
        moderator_id=None if actor.is_staff else actor.user_id,
        cursor=query.cursor,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    next_cursor = shown[-1].id if len(found) > query.limit else None
    return {"items": [_duty(row) for row in shown], "next_cursor": next_cursor}


@api.post("/livestreams/<livestream_id>/duties")
@signed_in
@api.input(DutyWrite, arg_name="body")
@api.output(DutyItem, status_code=201)
@api.doc(security="bearer")
@writes
def assign_moderator(livestream_id: str, body: DutyWrite) -> Answer:
    """Assign a moderator; 409 ``taken`` names others who are free. For the staff."""
    duty = access.assign(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        moderator_id=body.moderator,
        now=utc_now(),
    )
    return _shown(duty), 201, {}


@api.post("/duties/<duty_id>/accept")
@api.output(DutyItem)
@api.doc(security="bearer")
@writes
def accept_duty(duty_id: str) -> Answer:
    """Say yes to a duty. For its moderator."""
    duty = access.accept(db.session, actor=current_actor(), duty_id=duty_id, now=utc_now())
    return _shown(duty), 200, {}


@api.post("/duties/<duty_id>/decline")
@signed_in
@api.input(DutyDecline, arg_name="body")
@api.output(DutyItem)
@api.doc(security="bearer")
@writes
def decline_duty(duty_id: str, body: DutyDecline) -> Answer:
    """Say no to a duty, with a reason for the editors. For its moderator."""
    duty = access.decline(
        db.session,
        actor=current_actor(),
        duty_id=duty_id,
        reason=body.reason,
        now=utc_now(),
    )
    return _shown(duty), 200, {}


@api.post("/duties/<duty_id>/release")
@api.output(DutyItem)
@api.doc(security="bearer")
@writes
def release_duty(duty_id: str) -> Answer:
    """Take a moderator off a livestream. For the staff."""
    duty = access.release(db.session, actor=current_actor(), duty_id=duty_id, now=utc_now())
    return _shown(duty), 200, {}


@api.get("/rooms")
@api.output(RoomList)
@api.doc(security="bearer")
def list_rooms() -> dict[str, Any]:
    """List all rooms, those that are open first. For the staff."""
    access.check_staff(current_actor())
    rows = rooms_listed(db.session, now=utc_now())
    return {"items": [_room(row) for row in rows], "next_cursor": None}


@api.post("/rooms")
@signed_in
@api.input(RoomWrite, arg_name="body")
@api.output(RoomItem, status_code=201)
@api.doc(security="bearer")
@writes
def create_room(body: RoomWrite) -> Answer:
    """Add a room. For the staff."""
    room = access.create_room(
        db.session,
        actor=current_actor(),
        names={tag or current_language(): text for tag, text in body.name.items()},
        note=body.note,
        now=utc_now(),
    )
    row = RoomRow(room.id, room.names, room.note, room.is_example, room.closed_at)
    return _room(row), 201, {}


def _shown(duty: Duty) -> dict[str, Any]:
    row = duty_row(db.session, duty_id=duty.id)
    return _duty(row) if row is not None else {}


def _duty(row: DutyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "livestream": row.livestream_id,
        "title": row.titles,
        "starts_at": rfc3339(row.starts_at),
        "ends_at": rfc3339(row.ends_at),
        "moderator": {"id": row.moderator_id, "name": row.moderator_name},
        "state": row.state,
        "reason": translate(row.reason, {}) if row.reason else "",
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
    }


def _room(row: RoomRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.names,
        "note": row.note,
        "coming": row.coming,
        "closed": row.closed_at is not None,
    }

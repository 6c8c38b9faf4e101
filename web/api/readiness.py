"""Readiness of a livestream: what is missing, who is here, the host's check and reading."""

from typing import Any

from core.clock import rfc3339, utc_now
from core.words import in_language
from streams.readiness import access
from streams.readiness.queries import CrewMember, Readiness
from streams.readiness.rules import DeviceReport, GateItem, script
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas.readiness import DeviceCheckWrite, ReadinessView, ScriptReadingWrite
from web.api.signing_in import signed_in
from web.database import db
from web.language import current_language, translate
from web.security import current_actor

PLACE = "/livestreams/<livestream_id>/readiness"


@api.get(PLACE)
@api.output(ReadinessView)
@api.doc(security="bearer")
def read_readiness(livestream_id: str) -> dict[str, Any]:
    """Tell what going live still needs. For its host, its moderators and the staff."""
    found = access.readiness_for(
        db.session, livestream_id=livestream_id, actor=current_actor(), now=utc_now()
    )
    return _shown(found)


@api.post(f"{PLACE}/device-check")
@signed_in
@api.input(DeviceCheckWrite, arg_name="written")
@api.output(ReadinessView)
@api.doc(security="bearer")
@writes
def check_devices(livestream_id: str, written: DeviceCheckWrite) -> Answer:
    """Say that camera and microphone work; it counts for 24 hours. For its host."""
    found = access.check_devices(
        db.session,
        livestream_id=livestream_id,
        actor=current_actor(),
        report=DeviceReport(**written.model_dump()),
        now=utc_now(),
    )
    return _shown(found), 200, {}


@api.post(f"{PLACE}/script")
@signed_in
@api.input(ScriptReadingWrite, arg_name="written")
@api.output(ReadinessView)
@api.doc(security="bearer")
@writes
def read_script(livestream_id: str, written: ScriptReadingWrite) -> Answer:
    """Say that the script was read; it counts for 90 days. For its host."""
    found = access.read_script(
        db.session,
        livestream_id=livestream_id,
        actor=current_actor(),
        version=written.version,
        now=utc_now(),
    )
    return _shown(found), 200, {}


@api.post(f"{PLACE}/presence")
@api.output(ReadinessView)
@api.doc(security="bearer")
@writes
def note_presence(livestream_id: str) -> Answer:
    """Say that one is here; it counts for a minute. For its host, its moderators and the staff."""
    found = access.come(
        db.session, livestream_id=livestream_id, actor=current_actor(), now=utc_now()
    )
    return _shown(found), 200, {}


def _shown(found: Readiness) -> dict[str, Any]:
    checked_at = found.device_checked_at
    return {
        "livestream": found.livestream_id,
        "state": found.state,
        "ready": found.is_open,
        "items": [_item(item) for item in found.gate],
        "crew": [_member(one) for one in found.crew],
        "device_checked_at": rfc3339(checked_at) if checked_at else None,
        "sending": found.is_sending,
        "script": _script(found),
    }


def _item(item: GateItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "title": translate(item.title, {}) if item.title else "",
        "met": item.met,
        "reason": "" if item.met else translate(item.reason, item.params),
        "remedy": "" if item.met else translate(item.remedy, {}),
    }


def _member(one: CrewMember) -> dict[str, Any]:
    return {
        "id": one.id,
        "part": one.part.value,
        "name": in_language(one.names, current_language()) if one.names else one.name,
        "names": one.names,
        "here": one.is_here,
        "came_at": rfc3339(one.came_at) if one.came_at else None,
        "seen_at": rfc3339(one.seen_at) if one.seen_at else None,
    }


def _script(found: Readiness) -> dict[str, Any]:
    text, language = script(), current_language()
    return {
        "version": text.version,
        "reviewed_by": text.reviewed_by,
        "notice": in_language(text.notice, language),
        "parts": [
            {
                "title": in_language(part.title, language),
                "sentences": [in_language(one, language) for one in part.sentences],
            }
            for part in text.parts
        ],
        "read_at": rfc3339(found.script_read_at) if found.script_read_at else None,
    }

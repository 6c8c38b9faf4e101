"""Reminders of livestreams: asked for with or without an account, listed, called off."""

from datetime import datetime
from typing import Any, Final

from accounts.errors import BadEmail
from accounts.rules import Actor
from core.clock import rfc3339, utc_now
from core.errors import FieldError, InvalidInput, _
from core.walltime import is_timezone
from core.words import LANGUAGES
from scheduler.registrations import access
from scheduler.registrations.queries import Item, item_of, page_of
from scheduler.registrations.rules import DEFAULT_ZONE
from web.addresses import site_url
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.presenting import settings
from web.api.schemas import ListQuery
from web.api.schemas.registrations import (
    RegistrationItem,
    RegistrationList,
    RegistrationState,
    RegistrationWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.language import current_language
from web.limits import visitor_address
from web.security import current_actor

NO_EMAIL: Final = _("Without an account, say which address should be asked.")
OWN_ADDRESS: Final = _("Signed in, you are reminded at the address of your account.")
UNKNOWN_LANGUAGE: Final = _("Choose one of these: %(languages)s.")
UNKNOWN_ZONE: Final = _("Use a name like Europe/Berlin or Asia/Shanghai.")


@api.post("/registrations")
@api.input(RegistrationWrite, arg_name="written")
@api.output(RegistrationState, status_code=202)
@api.doc(security="bearer")
@writes
def ask_for_reminder(written: RegistrationWrite) -> Answer:
    """Ask to be reminded. For everybody; without an account, of what is public and by consent."""
    actor, now = current_actor(), utc_now()
    _check(written, actor)
    if actor.user_id is not None:
        access.remind(db.session, actor=actor, livestream_id=written.livestream, now=now)
        return {"state": "registered"}, 202, {}
    _ask_by_mail(written, now)
    return {"state": "confirm"}, 202, {}


@api.get("/registrations")
@signed_in
@api.input(ListQuery, location="query", arg_name="query")
@api.output(RegistrationList)
@api.doc(security="bearer")
def list_registrations(query: ListQuery) -> dict[str, Any]:
    """List what the asker is or was reminded of."""
    page = page_of(
        db.session, actor=current_actor(), cursor=query.cursor, limit=query.limit, now=utc_now()
    )
    return {"items": [_shown(item) for item in page.items], "next_cursor": page.next_cursor}


@api.delete("/registrations/<registration_id>")
@signed_in
@api.output(RegistrationItem)
@api.doc(security="bearer")
@writes
def call_off_reminder(registration_id: str) -> Answer:
    """Call one of the asker's own off; called off twice, it is off."""
    actor, now = current_actor(), utc_now()
    access.end(
        db.session,
        recipient_id=access.recipient_id_of(db.session, actor=actor),
        registration_id=registration_id,
        now=now,
    )
    item = item_of(db.session, registration_id=registration_id, actor=actor, now=now)
    return _shown(item), 200, {}


def _check(written: RegistrationWrite, actor: Actor) -> None:
    faults = []
    if actor.user_id is None and not written.email:
        faults.append(FieldError("email", NO_EMAIL))
    if actor.user_id is not None and written.email is not None:
        faults.append(FieldError("email", OWN_ADDRESS))
    if written.language is not None and written.language not in LANGUAGES:
        params = {"languages": ", ".join(LANGUAGES)}
        faults.append(FieldError("language", UNKNOWN_LANGUAGE, params))
    if written.timezone is not None and not is_timezone(written.timezone):
        faults.append(FieldError("timezone", UNKNOWN_ZONE))
    if faults:
        raise InvalidInput(*faults)


def _ask_by_mail(written: RegistrationWrite, now: datetime) -> None:
    """Count the try, which stands even when it is refused; then ask the owner of the address."""
    try:
        access.count_asking(
            db.session,
            visitor=visitor_address(),
            livestream_id=written.livestream,
            secret=settings().secret_key,
            now=now,
        )
    finally:
        db.session.commit()
    try:
        access.remind_by_mail(
            db.session,
            livestream_id=written.livestream,
            email=written.email or "",
            language=written.language or current_language(),
            timezone=written.timezone or DEFAULT_ZONE,
            data_key=settings().data_key,
            now=now,
        )
    except BadEmail as refusal:
        raise InvalidInput(FieldError("email", refusal.message)) from refusal


def _shown(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "livestream": item.livestream_id,
        "title": item.titles,
        "starts_at": rfc3339(item.starts_at),
        "ends_at": rfc3339(item.ends_at),
        "livestream_state": item.livestream_state,
        "state": item.state,
        "asked_at": rfc3339(item.asked_at),
        "page_url": f"{site_url()}/livestreams/{item.livestream_id}",
    }

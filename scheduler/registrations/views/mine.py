"""Everything that somebody without an account asked for, behind a secret link from a mail."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.enums import Category
from accounts.notices.errors import NoSuchLink
from accounts.notices.forms import choices_in, place_in
from accounts.notices.models import Recipient
from accounts.notices.paces import offered
from accounts.notices.ports import Site
from accounts.notices.services import choose, place_recipient
from accounts.rules import STRANGER
from core.errors import InvalidInput, WrongState
from core.places import places_by_area
from core.words import LANGUAGES
from scheduler.calendars.access import Shown, feed_address
from scheduler.calendars.services import revoke
from scheduler.registrations import access
from scheduler.registrations.queries import items_of, recipient_linked, wishes_of
from scheduler.registrations.services import renew_links
from scheduler.registrations.views.blueprint import (
    SEE_OTHER,
    current_session,
    manage_token,
    pages,
    read_in_zone_of,
    reason_of,
    said,
    secret,
    settings,
)

CHOSEN = (Category.REMINDERS, Category.CHANGES, Category.REPLAYS)
"""What somebody without an account can be told of."""


@pages.get("/notices/mine/<token>")
def manage(token: str) -> AnyResponse:
    """Show what somebody asked for and chose; whoever has an account finds it there."""
    if _linked(token).user_id is not None:
        return redirect(url_for("registration_pages.mine"), SEE_OTHER)
    return _page(token, holder_of(token))


@pages.post("/notices/mine/<token>/registrations/<registration_id>/end")
def end_by_link(token: str, registration_id: str) -> AnyResponse:
    """Call one off; its row stays with the way back."""
    session = current_session()
    access.end(
        session,
        recipient_id=holder_of(token).id,
        registration_id=registration_id,
        now=g.now,
    )
    session.commit()
    return _back(token, "called_off")


@pages.post("/notices/mine/<token>/registrations/<registration_id>/reopen")
def reopen_by_link(token: str, registration_id: str) -> AnyResponse:
    """Undo that."""
    session = current_session()
    recipient = holder_of(token)
    try:
        access.reopen(
            session,
            actor=STRANGER,
            recipient_id=recipient.id,
            registration_id=registration_id,
            now=g.now,
        )
    except WrongState as refusal:
        session.rollback()
        reason = reason_of(refusal)
        return _page(token, holder_of(token), refusal=reason, status=refusal.status)
    session.commit()
    return _back(token, "undone")


@pages.post("/notices/mine/<token>/choices")
def keep_by_link(token: str) -> AnyResponse:
    """Keep what to be told, and in which language and zone."""
    session = current_session()
    recipient = holder_of(token)
    try:
        chosen = choices_in(request.form, CHOSEN)
        language, timezone = place_in(request.form)
    except InvalidInput as refusal:
        session.rollback()
        return _page(token, holder_of(token), faults=said(refusal.errors), status=refusal.status)
    choose(
        session,
        recipient_id=recipient.id,
        choices=chosen.paces,
        shows_titles=chosen.shows_titles,
    )
    place_recipient(session, recipient_id=recipient.id, language=language, timezone=timezone)
    session.commit()
    return _back(token, "kept")


@pages.post("/notices/mine/<token>/links")
def end_links(token: str) -> AnyResponse:
    """End all links of earlier mails, also this one, and go on under the new one.

    The calendar ends with them: whoever had a link had its address too.
    """
    session = current_session()
    recipient = holder_of(token)
    renew_links(session, recipient_id=recipient.id)
    revoke(session, recipient=recipient, now=g.now)
    session.commit()
    return _back(manage_token(recipient), "renewed")


def holder_of(token: str) -> Recipient:
    """Return whose page it is, to be read in their zone.

    Raises:
        NoSuchLink: It is broken or ended, or its owner has an account and signs in instead.
    """
    found = _linked(token)
    if found.user_id is not None:
        raise NoSuchLink
    read_in_zone_of(found)
    return found


def _linked(token: str) -> Recipient:
    return recipient_linked(current_session(), token=token, data_key=settings().data_key)


def _calendar(token: str, recipient: Recipient) -> Shown:
    """Return what the part of the page about the calendar is drawn with."""
    site = Site(g.site, settings().sender, settings().data_key)
    return Shown(
        feed_address(current_session(), recipient=recipient, site=site),
        url_for("calendar_pages.change_by_link", token=token),
        shows_titles=recipient.shows_titles,
    )


def _back(token: str, done: str) -> AnyResponse:
    return redirect(url_for("registration_pages.manage", token=token, done=done), SEE_OTHER)


def _page(
    token: str,
    recipient: Recipient,
    *,
    faults: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    ahead, past = items_of(current_session(), recipient_id=recipient.id, actor=STRANGER, now=g.now)
    page = render_template(
        "scheduler/registrations/mine.html",
        token=token,
        recipient=recipient,
        ahead=ahead,
        past=past,
        wishes=wishes_of(recipient),
        calendar=_calendar(token, recipient),
        offered=offered(recipient.choices, CHOSEN),
        shows_titles=recipient.shows_titles,
        languages=LANGUAGES,
        zones=places_by_area(g.language),
        faults=faults or {},
        refusal=refusal,
        done=request.args.get("done", ""),
    )
    return secret(page, status)

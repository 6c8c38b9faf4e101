"""Stopping mails from the mails themselves: without signing in, cookies or scripts (RFC 8058).

A mail program sends the form of its one-click button here; it is answered at once and led nowhere.
Opening the address stops nothing, as programs that look for harm open every address of a mail.
"""

from collections.abc import Sequence
from typing import Final

from flask import Response, g, make_response, render_template, request

from accounts.notices.access import Stopping, stopping
from accounts.notices.enums import Category, Pace
from accounts.notices.errors import NoSuchLink
from accounts.notices.links import Purpose, make_token
from accounts.notices.paces import must_know, pace_in, paces_of
from accounts.notices.services import choose, end, reopen, switch_off
from accounts.notices.views.blueprint import (
    CLOSED,
    closed,
    current_session,
    current_settings,
    pages,
)

ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")


@pages.route("/notices/unsubscribe/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> Response:
    """Show what would stop; stop it, or undo that."""
    try:
        found = _stopping(token)
    except NoSuchLink:
        return closed(render_template("accounts/notices/no_link.html"), NoSuchLink.status)
    if request.method == "GET":
        return _page(found)
    if request.form.get("act") == "undo":
        _undo(found)
    else:
        _stop(found)
    current_session().commit()
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return make_response("", 200, CLOSED)
    now = _stopping(token)
    return _page(now, was=_before(found, now))


def _stopping(token: str) -> Stopping:
    return stopping(current_session(), token=token, data_key=current_settings().data_key)


def _stop(found: Stopping) -> None:
    session = current_session()
    if found.category is not None:
        switch_off(session, recipient_id=found.person.recipient_id, category=found.category)
    elif found.registration_id is not None:
        end(session, registration_id=found.registration_id, now=g.now)


def _undo(found: Stopping) -> None:
    session = current_session()
    if found.category is not None:
        usual = paces_of(found.category)[0]
        choose(
            session,
            recipient_id=found.person.recipient_id,
            choices={found.category: usual, **_paces_before()},
            shows_titles=found.person.shows_titles,
        )
    elif found.registration_id is not None:
        reopen(session, registration_id=found.registration_id, now=g.now)


def _paces_before() -> dict[Category, Pace]:
    """Return the paces that the form brings back; what it cannot have been told is left out."""
    pairs = (written.partition(":")[::2] for written in request.form.getlist("was"))
    return {
        Category(name): Pace(pace)
        for name, pace in pairs
        if name in set(Category) and pace in paces_of(Category(name)) and pace != Pace.OFF
    }


def _before(found: Stopping, now: Stopping) -> list[str]:
    """Return the paces that were there before, as the form for undoing brings them back."""
    return [
        f"{one}:{pace_in(found.person.choices, one)}"
        for one in Category
        if pace_in(found.person.choices, one) is not pace_in(now.person.choices, one)
    ]


def _page(found: Stopping, *, was: Sequence[str] = ()) -> Response:
    page = render_template(
        "accounts/notices/unsubscribe.html",
        category=found.category,
        is_stopped=found.is_stopped,
        must_know=found.category is not None and must_know(found.category),
        has_account=found.person.user_id is not None,
        manage=_manage_token(found),
        was=was,
        was_undone=request.form.get("act") == "undo",
    )
    return closed(page)


def _manage_token(found: Stopping) -> str:
    """Return the secret of the page where somebody without an account chooses."""
    person = found.person
    return make_token(
        current_settings().data_key, Purpose.MANAGE, person.recipient_id, person.link_version
    )

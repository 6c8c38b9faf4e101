"""Receipts: what of a host's recordings is to go or is gone, one list and one page for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    g,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from core.errors import WrongState
from core.words import Words
from core.work.models import Work
from streams.removal import access, queries
from streams.removal.enums import RemovalState
from streams.removal.models import Removal
from streams.removal.rules import state_of
from streams.requests import SEE_OTHER, current_session, unkept

pages = Blueprint("removal_pages", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A removal as a page shows it; ``titles`` is empty when the livestream is gone."""

    removal: Removal
    state: RemovalState
    titles: Words
    reason: str
    """Why the last attempt failed, in the language of the page."""


@pages.get("/hosting/removals")
def index() -> Response:
    """List what is to go and what is gone, the newest first."""
    found = access.removals_for(current_session(), actor=g.actor)
    shown = show(current_session(), found, g.now)
    return unkept(render_template("streams/removal/index.html", removals=shown))


@pages.get("/livestreams/<livestream_id>/removal")
def receipt(livestream_id: str) -> Response:
    """Show the receipt of one livestream, or what is still to happen."""
    return _receipt_page(livestream_id)


@pages.post("/livestreams/<livestream_id>/removal/retry")
def retry(livestream_id: str) -> AnyResponse:
    """Try a removal again that was given up."""
    session = current_session()
    try:
        access.retry_for(session, actor=g.actor, livestream_id=livestream_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _receipt_page(livestream_id, refusal=refusal)
    session.commit()
    return redirect(url_for("removal_pages.receipt", livestream_id=livestream_id), SEE_OTHER)


def show(session: Session, found: Sequence[Removal], now: datetime) -> list[Shown]:
    """Return removals with their states and titles: two queries, however many there are."""
    failed = queries.failed_removals(session, found)
    titles = queries.titles_of(session, found)
    return [
        Shown(
            one,
            state_of(one, failed=one.id in failed, now=now),
            titles.get(one.livestream_id, {}),
            _reason(failed.get(one.id)),
        )
        for one in found
    ]


def _receipt_page(livestream_id: str, *, refusal: WrongState | None = None) -> Response:
    session = current_session()
    found = access.removal_for(session, actor=g.actor, livestream_id=livestream_id)
    shown = show(session, [found], g.now)[0] if found else None
    page = render_template(
        "streams/removal/receipt.html",
        livestream_id=livestream_id,
        shown=shown,
        refusal=str(gettext(refusal.message)) if refusal else "",
    )
    return unkept(page, refusal.status if refusal else 200)


def _reason(work: Work | None) -> str:
    return str(gettext(work.reason)) if work is not None and work.reason else ""

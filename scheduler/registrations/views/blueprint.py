"""The blueprint of the pages of registrations, and what its views take from the application."""

from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, make_response, render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from accounts.notices.errors import NoSuchLink
from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Recipient
from core.errors import FieldError, Refusal
from core.settings import Settings

pages = Blueprint("registration_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def settings() -> Settings:
    """Return the settings of the application."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def secret(page: str, status: int = 200) -> Response:
    """Answer likewise with a page whose address is a secret from a mail: it is told nobody."""
    response = unkept(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.errorhandler(NoSuchLink)
def no_link(refusal: NoSuchLink) -> Response:
    """Say what may have become of a link, and what can be done."""
    return secret(render_template("accounts/notices/no_link.html"), refusal.status)


def read_in_zone_of(recipient: Recipient) -> None:
    """Show times as in the mails: whoever comes from one has no cookie that names a zone."""
    g.zone = ZoneInfo(recipient.timezone)


def manage_token(recipient: Recipient) -> str:
    """Return the secret of the page of everything that somebody asked for."""
    return make_token(settings().data_key, Purpose.MANAGE, recipient.id, recipient.link_version)


def reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page."""
    return str(gettext(refusal.message, **refusal.params))


def said(faults: Iterable[FieldError]) -> dict[str, str]:
    """Return the first fault of each field in the language of the page."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, str(gettext(fault.message, **fault.params)))
    return found

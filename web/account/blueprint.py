"""The blueprint of the pages of an account, and what its views share."""

from typing import Any, Final
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_babel import gettext
from flask_security import current_user
from flask_security.utils import login_user
from werkzeug.wrappers import Response as AnyResponse

from accounts.joining.rules import is_fresh
from accounts.joining.services.passkeys import Site
from accounts.models import User
from core.errors import Refusal, SignInNeeded
from core.settings import Settings
from web.addresses import site_url
from web.database import db
from web.limits import limit, visitor_address
from web.preferences import local_path

pages = Blueprint("account_pages", __name__)

SEE_OTHER: Final = 303
HOUR: Final = 3600
TRIES_FROM: Final = 60
"""Passkeys and links that one address may try in an hour: a household, not a guesser."""
SIGNED_IN_AT: Final = "fs_paa"
"""Where Flask-Security notes when somebody proved who they are."""


def settings() -> Settings:
    """Return the settings of the installation."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def me() -> User:
    """Return the account of whoever is signed in.

    Raises:
        SignInNeeded: Nobody is; a token of a program is no person at these pages.
    """
    if not current_user.is_authenticated:
        raise SignInNeeded
    found: User = db.session.get_one(User, current_user.id)
    return found


def is_recent() -> bool:
    """Tell whether whoever is signed in proved lately who they are."""
    return is_fresh(session.get(SIGNED_IN_AT), g.now)


def again(back_to: str) -> AnyResponse:
    """Lead to the page that asks once more who somebody is, and back from there."""
    return redirect(url_for("account_pages.confirm_again", next=back_to), SEE_OTHER)


def enter(user: User, *, by: str, back_to: str = "") -> AnyResponse:
    """Begin a session that holds nothing of an earlier one, and lead on."""
    login_user(user, authn_via=[by])
    return redirect(local_path(back_to) or url_for("account_pages.account"), SEE_OTHER)


def keep_signed_in(user: User) -> None:
    """Begin the present session anew after all sessions of an account were ended.

    Nobody has proved anything by that: it is as fresh as it was.
    """
    proved_at = session.get(SIGNED_IN_AT)
    login_user(user, authn_via=["session"])
    session[SIGNED_IN_AT] = proved_at or 0


def page(template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 -- of templates
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(render_template(f"web/account/{template}", **values), status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def secret_page(template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 -- as above
    """Answer likewise with a page whose address is a secret: it is told nobody."""
    response = page(template, status, **values)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page."""
    return str(gettext(refusal.message, **refusal.params))


def passkey_site() -> Site:
    """Return whom a browser proves itself to with a passkey: this site as it is addressed."""
    address = urlsplit(site_url())
    return Site(host=address.hostname or "", origin=f"{address.scheme}://{address.netloc}")


def count_try(act: str) -> None:
    """Count one try from an address.

    Raises:
        TooMany: There were too many within an hour.
    """
    limit(act, by=visitor_address(), limit=TRIES_FROM, seconds=HOUR)

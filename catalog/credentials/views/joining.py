"""The page on which somebody of an approved roster takes the account."""

from typing import Final

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_security.utils import login_user
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import WeakPassword
from accounts.rules import PASSWORD_LEAST, PASSWORD_MOST, normal_password
from catalog.credentials.models import RosterEntry
from catalog.credentials.rules.agreement import RECORDING, RECORDING_VERSION
from catalog.credentials.rules.application import NO_RECORDING
from catalog.credentials.rules.profiles import profile_of
from catalog.credentials.services import joining
from catalog.credentials.views.apply_pages import KINDS
from catalog.credentials.views.blueprint import SEE_OTHER, current_session, settings, unkept
from core.database import mark_reading
from core.errors import FieldError
from core.limits import count_up
from core.sealing import keyed_fingerprint

pages = Blueprint("join_pages", __name__)

TRIES_PER_HOUR: Final = 60


@pages.get("/join/<secret>")
def join(secret: str) -> Response:
    """Show the person what stands about them, and ask for a password and the consent."""
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)  # every try is counted: secrets are not to be guessed
    _count()
    return _page(joining.invited_by(session, secret=secret), {})


@pages.post("/join/<secret>")
def take_account(secret: str) -> AnyResponse:
    """Take the account and sign in."""
    _count()
    session = current_session()
    entry = joining.invited_by(session, secret=secret)
    password = request.form.get("password", "")
    faults = _faults(password)
    if faults:
        return _page(entry, {one.field: one for one in faults})
    user = joining.join(session, secret=secret, password=password, now=g.now)
    session.commit()
    login_user(user, authn_via=["password"])
    return redirect(url_for("licence_pages.mine"), SEE_OTHER)


def _faults(password: str) -> list[FieldError]:
    faults = []
    try:
        normal_password(password)
    except WeakPassword as weak:
        faults.append(FieldError("password", weak.message, weak.params))
    if request.form.get("recording") != str(RECORDING_VERSION):
        faults.append(FieldError("recording", NO_RECORDING))
    return faults


def _count() -> None:
    session = current_session()
    who = keyed_fingerprint(settings().secret_key, g.visitor)
    try:
        count_up(session, key=f"join:{who}", limit=TRIES_PER_HOUR, seconds=3600, now=g.now)
    finally:
        session.commit()


def _page(entry: RosterEntry, faults: dict[str, FieldError]) -> Response:
    profile = profile_of(entry.answers)
    page = render_template(
        "catalog/credentials/verification/join.html",
        entry=entry,
        profile=profile,
        kind=next((name for value, name, _teaches in KINDS if value == profile.kind), ""),
        recording=RECORDING[RECORDING_VERSION],
        version=RECORDING_VERSION,
        least=PASSWORD_LEAST,
        most=PASSWORD_MOST,
        faults=faults,
    )
    response = unkept(page, 422 if faults else 200)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response

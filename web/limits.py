"""Limits on what strangers may do, counted in the database for all processes together."""

from ipaddress import ip_network

from flask import Request, current_app, request

from accounts.errors import BadEmail
from accounts.rules import normal_email
from core.clock import utc_now
from core.limits import count_up, take_back
from core.sealing import keyed_fingerprint
from web.database import db

SIGN_IN_SECONDS = 900
SIGN_IN_PER_ACCOUNT = 10
SIGN_IN_PER_ADDRESS = 30


def limit(act: str, *, by: str, limit: int, seconds: int) -> None:
    """Count one ``act`` by somebody and refuse it when there were too many.

    The count is committed on its own, so that it stands even when the act fails.

    Args:
        act: A short name, for example ``sign_in``.
        by: Who: an address or a mail. Only its keyed fingerprint is stored.
        limit: How many are granted in one window.
        seconds: The length of the window.

    Raises:
        TooMany: With the seconds until the window ends.
    """
    key = _key(act, by)
    try:
        count_up(db.session, key=key, limit=limit, seconds=seconds, now=utc_now())
    finally:
        db.session.commit()


def forgive(act: str, *, by: str, seconds: int) -> None:
    """Take back what :func:`limit` counted for an act that turned out to be none to limit."""
    take_back(db.session, key=_key(act, by), seconds=seconds, now=utc_now())


def visitor_address(asked: Request = request) -> str:
    """Return the address that limits count; IPv6 by its /64, which one household has."""
    address = asked.remote_addr or ""
    return str(ip_network((address, 64), strict=False)) if ":" in address else address


def limit_sign_in() -> None:
    """Slow down the guessing of passwords, per address and per account."""
    limits = (SIGN_IN_PER_ADDRESS, SIGN_IN_PER_ACCOUNT)
    for (act, by), most in zip(_sign_in_counts(), limits, strict=True):
        limit(act, by=by, limit=most, seconds=SIGN_IN_SECONDS)


def forgive_sign_in() -> None:
    """Take back what a sign-in that succeeded was counted: only guesses are limited."""
    for act, by in _sign_in_counts():
        forgive(act, by=by, seconds=SIGN_IN_SECONDS)


def _sign_in_counts() -> tuple[tuple[str, str], tuple[str, str]]:
    return ("sign_in_from", visitor_address()), ("sign_in_to", _account_asked_for())


def _account_asked_for() -> str:
    """Return the address that was typed, in the one form that names the account."""
    typed = request.form.get("email", "")
    try:
        return normal_email(typed)
    except BadEmail:
        return typed


def _key(act: str, by: str) -> str:
    who = keyed_fingerprint(current_app.config["SECRET_KEY"], by.strip().lower())
    return f"{act}:{who}"

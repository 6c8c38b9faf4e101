"""Signing up and signing in without a password: a link by mail, or a passkey.

Whoever asks for a link gets the same answer whether the address has an account or not. Programs
that look through mail follow links: only the button, a POST, uses one.
"""

from flask import Response, g, redirect, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import BadEmail
from accounts.joining.enums import Ceremony, LinkPurpose
from accounts.joining.errors import LinkUseless, PasskeyRefused
from accounts.joining.queries import Opened, open_link
from accounts.joining.rules import LINK_HOLDS, masked
from accounts.joining.services import links, passkeys
from accounts.notices.models import Recipient
from accounts.queries import user_by_email
from accounts.rules import normal_email
from scheduler.calendars.services import revoke
from web.account.blueprint import (
    HOUR,
    SEE_OTHER,
    count_try,
    enter,
    me,
    page,
    pages,
    passkey_site,
    reason_of,
    secret_page,
    settings,
)
from web.database import db
from web.language import current_language
from web.limits import limit
from web.preferences import local_path
from web.security import current_actor
from web.times import viewer_zone

LINKS_TO = 5
"""Links that one address is sent in an hour: enough to try again, too few to bother anybody."""


@pages.get("/sign-up")
def sign_up() -> AnyResponse:
    """Say what an account is for and what it is not needed for, and offer the two ways."""
    if current_actor().user_id is not None:
        return redirect(url_for("account_pages.account"), SEE_OTHER)
    return _sign_up_page(back_to=local_path(request.args.get("next", "")))


@pages.post("/sign-in/link")
def ask_for_link() -> AnyResponse:
    """Send a link that signs in, or that makes an account; nobody learns here which."""
    typed, back_to = request.form.get("email", ""), local_path(request.form.get("next", ""))
    count_try("mail_link_from")
    try:
        email = normal_email(typed)
    except BadEmail as refusal:
        return _sign_up_page(back_to=back_to, email=typed, fault=reason_of(refusal))
    limit("mail_link_to", by=email, limit=LINKS_TO, seconds=HOUR)
    links.ask_to_sign_in(
        db.session,
        email=email,
        back_to=back_to,
        language=current_language(),
        timezone=viewer_zone().key,
        data_key=settings().data_key,
        now=g.now,
    )
    db.session.commit()
    session["mail_link_sent"] = email
    return redirect(url_for("account_pages.link_sent"), SEE_OTHER)


@pages.get("/sign-in/link")
def link_sent() -> Response:
    """Say where the link went, and what to do if none comes."""
    minutes = int(LINK_HOLDS.total_seconds() // 60)
    return page("link_sent.html", email=session.get("mail_link_sent", ""), minutes=minutes)


@pages.get("/sign-in/link/<secret>")
def link(secret: str) -> Response:
    """Show whom the link signs in; nothing is changed."""
    try:
        opened = _opened(secret)
    except LinkUseless as refusal:
        return secret_page("link_useless.html", refusal.status)
    return secret_page(
        "link.html",
        secret=secret,
        email=masked(opened.address),
        is_new=user_by_email(db.session, opened.address) is None,
    )


@pages.post("/sign-in/link/<secret>")
def use_link(secret: str) -> AnyResponse:
    """Sign in, once."""
    count_try("mail_link_use")
    try:
        opened = _opened(secret)
        _end_calendar_of_another(opened.address)
        user = links.sign_in(db.session, opened=opened, now=g.now)
    except LinkUseless as refusal:
        db.session.rollback()
        return secret_page("link_useless.html", refusal.status)
    db.session.commit()
    return enter(user, by="link", back_to=opened.link.back_to)


@pages.post("/passkeys/options")
def passkey_options() -> AnyResponse:
    """Return what a browser needs to ask for a passkey, as JSON for its script."""
    count_try("passkey_options")
    wanted = request.form.get("for", "")
    if wanted == Ceremony.SIGN_IN:
        options = passkeys.ask_to_sign_in(db.session, site=passkey_site(), now=g.now)
    else:
        user = me() if wanted == Ceremony.ADD else None
        options = passkeys.ask_for_new(db.session, site=passkey_site(), user=user, now=g.now)
    db.session.commit()
    return Response(options, mimetype="application/json", headers={"Cache-Control": "no-store"})


@pages.post("/sign-in/passkey")
def use_passkey() -> AnyResponse:
    """Sign in with a passkey that the device has for this site."""
    count_try("passkey_use")
    back_to = request.form.get("next", "")
    try:
        user = passkeys.sign_in(
            db.session, site=passkey_site(), answer=request.form.get("answer", ""), now=g.now
        )
    except PasskeyRefused as refusal:
        db.session.commit()  # the challenge is gone all the same
        return page("passkey_refused.html", refusal.status, reason=reason_of(refusal))
    db.session.commit()
    return enter(user, by="webauthn", back_to=back_to)


@pages.post("/sign-up/passkey")
def sign_up_with_passkey() -> AnyResponse:
    """Make an account that is a passkey and nothing else."""
    count_try("passkey_sign_up")
    try:
        user = passkeys.sign_up(
            db.session,
            site=passkey_site(),
            answer=request.form.get("answer", ""),
            language=current_language(),
            timezone=viewer_zone().key,
            now=g.now,
        )
    except PasskeyRefused as refusal:
        db.session.commit()
        return page("passkey_refused.html", refusal.status, reason=reason_of(refusal))
    db.session.commit()
    return enter(user, by="webauthn", back_to=request.form.get("next", ""))


def _end_calendar_of_another(email: str) -> None:
    """End the secret calendar of an account that somebody else may have made with an address."""
    user = user_by_email(db.session, email)
    if user is None or user.confirmed_at is not None:
        return
    mine = select(Recipient).where(Recipient.user_id == user.id)
    if recipient := db.session.scalar(mine):
        revoke(db.session, recipient=recipient, now=g.now)


def _opened(secret: str) -> Opened:
    return open_link(
        db.session,
        secret=secret,
        purpose=LinkPurpose.SIGN_IN,
        data_key=settings().data_key,
        now=g.now,
    )


def _sign_up_page(*, back_to: str, email: str = "", fault: str = "") -> Response:
    minutes = int(LINK_HOLDS.total_seconds() // 60)
    status = 422 if fault else 200
    return page("sign_up.html", status, next=back_to, email=email, fault=fault, minutes=minutes)

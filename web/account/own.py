"""What stands in an account and can be changed there: name, language, zone, address, ways in."""

from flask import Response, g, redirect, request, session, url_for
from flask_security.utils import verify_password
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import BadEmail, EmailTaken, WeakPassword
from accounts.joining.enums import LinkPurpose
from accounts.joining.errors import (
    LastWayIn,
    LinkUseless,
    PasskeyRefused,
    TooManyPasskeys,
    WrongPassword,
)
from accounts.joining.queries import is_let_in_by_mail, open_link, passkeys_of
from accounts.joining.services import account as services
from accounts.joining.services import links, passkeys
from accounts.models import User
from accounts.notices.forms import place_in
from accounts.rules import PASSWORD_LEAST, PASSWORD_MOST, has_mailbox, normal_email
from accounts.services import end_sessions
from core.errors import InvalidInput, NotFound, Refusal
from core.places import places_by_area
from core.words import LANGUAGES
from web.account.blueprint import (
    HOUR,
    SEE_OTHER,
    SIGNED_IN_AT,
    again,
    count_try,
    is_recent,
    keep_signed_in,
    me,
    page,
    pages,
    passkey_site,
    reason_of,
    secret_page,
    settings,
)
from web.account.ways_in import LINKS_TO
from web.database import db
from web.language import current_language
from web.limits import SIGN_IN_PER_ACCOUNT, SIGN_IN_SECONDS, forgive, limit
from web.preferences import local_path

FAULTY = 422


@pages.get("/account")
def account() -> Response:
    """Show the account of whoever is signed in."""
    return _page(me(), done=session.pop("account_done", ""))


@pages.post("/account")
def keep_account() -> AnyResponse:
    """Keep the name, the language and the zone."""
    user = me()
    try:
        language, timezone = place_in(request.form)
    except InvalidInput as refusal:
        faults = {one.field: reason_of(Refusal(one.message)) for one in refusal.errors}
        return _page(user, faults=faults)
    name = request.form.get("name", "")
    services.describe(
        db.session, user=user, display_name=name, language=language, timezone=timezone
    )
    return _done("kept")


@pages.get("/account/again")
def confirm_again() -> Response:
    """Ask once more who somebody is before what cannot be taken back."""
    return _again_page(me())


@pages.post("/account/again")
def again_by_password() -> AnyResponse:
    """Take the password as an answer."""
    user = me()
    limit("sign_in_to", by=user.email, limit=SIGN_IN_PER_ACCOUNT, seconds=SIGN_IN_SECONDS)
    if not user.password or not verify_password(request.form.get("password", ""), user.password):
        return _again_page(user, fault=reason_of(WrongPassword()))
    forgive("sign_in_to", by=user.email, seconds=SIGN_IN_SECONDS)
    db.session.commit()
    session[SIGNED_IN_AT] = g.now.timestamp()
    back_to = local_path(request.form.get("next", ""))
    return redirect(back_to or url_for("account_pages.account"), SEE_OTHER)


@pages.post("/account/address")
def ask_for_address() -> AnyResponse:
    """Send a link to the address that the account is to have."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.account"))
    count_try("mail_link_from")
    try:
        email = normal_email(request.form.get("email", ""))
    except BadEmail as refusal:
        return _page(user, faults={"email": reason_of(refusal)})
    limit("mail_link_to", by=email, limit=LINKS_TO, seconds=HOUR)
    links.ask_for_address(
        db.session, user=user, email=email, data_key=settings().data_key, now=g.now
    )
    return _done("address_asked")


@pages.get("/account/address/link/<secret>")
def address_link(secret: str) -> Response:
    """Show which address the account would have; nothing is changed."""
    user = me()
    try:
        opened = open_link(
            db.session,
            secret=secret,
            purpose=LinkPurpose.ADDRESS,
            data_key=settings().data_key,
            now=g.now,
        )
    except LinkUseless as refusal:
        return secret_page("link_useless.html", refusal.status)
    if opened.link.user_id != user.id:
        return secret_page("link_useless.html", LinkUseless.status)
    return secret_page("address.html", secret=secret, email=opened.address)


@pages.post("/account/address/link/<secret>")
def change_address(secret: str) -> AnyResponse:
    """Give the account the address to which the link was sent."""
    user = me()
    before, key = user.email, settings().data_key
    try:
        opened = open_link(
            db.session, secret=secret, purpose=LinkPurpose.ADDRESS, data_key=key, now=g.now
        )
        links.change_address(db.session, opened=opened, user=user, now=g.now)
    except LinkUseless as refusal:
        db.session.rollback()
        return secret_page("link_useless.html", refusal.status)
    except EmailTaken:
        db.session.rollback()
        return secret_page("address.html", EmailTaken.status, secret=secret, email="", taken=True)
    links.tell_old_address(db.session, user=user, email=before, data_key=key, now=g.now)
    db.session.commit()
    keep_signed_in(user)
    session["account_done"] = "address_changed"
    return redirect(url_for("account_pages.account"), SEE_OTHER)


@pages.post("/account/password")
def keep_password() -> AnyResponse:
    """Set, change or remove the password; every other session ends."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.account"))
    try:
        _change_password(user)
    except (WeakPassword, LastWayIn) as refusal:
        db.session.rollback()
        return _page(me(), faults={"password": reason_of(refusal)})
    links.tell_of_change(db.session, user=user, now=g.now)
    db.session.commit()
    keep_signed_in(user)
    return _done("password")


def _change_password(user: User) -> None:
    if request.form.get("act") != "remove":
        services.set_password(db.session, user=user, password=request.form.get("password", ""))
    elif is_let_in_by_mail(db.session, user=user) or passkeys_of(db.session, user_id=user.id):
        services.drop_password(db.session, user=user)
    else:
        raise LastWayIn


@pages.post("/account/passkeys")
def add_passkey() -> AnyResponse:
    """Add the passkey that a browser has just made."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.account"))
    form = request.form
    try:
        passkeys.add(
            db.session,
            site=passkey_site(),
            user=user,
            answer=form.get("answer", ""),
            name=form.get("name", ""),
            now=g.now,
        )
    except (PasskeyRefused, TooManyPasskeys) as refusal:
        db.session.commit()
        return page("passkey_refused.html", refusal.status, reason=reason_of(refusal))
    links.tell_of_change(db.session, user=user, now=g.now)
    return _done("passkey_added")


@pages.post("/account/passkeys/<passkey_id>/remove")
def remove_passkey(passkey_id: str) -> AnyResponse:
    """Remove a passkey; what is left must let its owner in."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.account"))
    try:
        if not passkeys.remove(db.session, user=user, passkey_id=passkey_id):
            raise NotFound
    except LastWayIn as refusal:
        return _page(user, faults={"passkeys": reason_of(refusal)})
    links.tell_of_change(db.session, user=user, now=g.now)
    return _done("passkey_removed")


@pages.post("/account/sessions/end")
def end_other_sessions() -> AnyResponse:
    """Sign out everywhere but here."""
    user = me()
    end_sessions(db.session, user=user)
    db.session.commit()
    keep_signed_in(user)
    return _done("sessions")


def _done(what: str) -> AnyResponse:
    db.session.commit()
    session["account_done"] = what
    return redirect(url_for("account_pages.account"), SEE_OTHER)


def _again_page(user: User, *, fault: str = "") -> Response:
    return page(
        "again.html",
        FAULTY if fault else 200,
        user=user,
        has_mailbox=has_mailbox(user.email),
        passkeys=passkeys_of(db.session, user_id=user.id),
        next=local_path(request.values.get("next", "")),
        fault=fault,
    )


def _page(user: User, *, done: str = "", faults: dict[str, str] | None = None) -> Response:
    return page(
        "account.html",
        FAULTY if faults else 200,
        user=user,
        has_mailbox=has_mailbox(user.email),
        passkeys=passkeys_of(db.session, user_id=user.id),
        languages=LANGUAGES,
        zones=places_by_area(current_language()),
        is_recent=is_recent(),
        done=done,
        faults=faults or {},
        typed=request.form,
        least=PASSWORD_LEAST,
        most=PASSWORD_MOST,
    )

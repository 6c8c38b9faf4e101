"""Who is asking: a login session of a browser, or a bearer token of a program.

A bearer token carries its own authority, so no CSRF token is asked of it, and it never adds to a
session's: when it is there, the cookie is not looked at.
"""

from datetime import timedelta
from typing import Any, Final, cast

from flask import Flask, g, request, session
from flask_security import Security, SQLAlchemyUserDatastore, current_user, user_authenticated
from flask_wtf import CSRFProtect
from flask_wtf.csrf import same_origin
from sqlalchemy import bindparam, select
from werkzeug.exceptions import BadRequest
from werkzeug.local import LocalProxy

from accounts.access import actor_for, actor_of_token
from accounts.models import RoleRow, User
from accounts.rules import PASSWORD_LEAST, STRANGER, Actor
from accounts.services import note_token_use
from core.clock import utc_now
from core.database import mark_reading
from core.errors import SignInNeeded
from core.settings import Settings
from web.database import db
from web.limits import forgive_sign_in, limit_sign_in
from web.sign_in import SignInForm, render_form, routes

FROM_ELSEWHERE = "The form did not come from a page of this site."
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_DAYS = 14
HOME = "catalog_pages.home"  # an endpoint, so that people stay in their language
SET_BY_SIGN_IN = ("_user_id", "_fresh", "_id", "_remember", "fs_paa", "identity.")

WITHOUT_SIGN_IN: Final = frozenset(
    {
        "notices_pages.unsubscribe",
        "registration_pages.remind",
        "registration_pages.confirm",
        "registration_pages.ask_again",
        "registration_pages.end_by_link",
        "registration_pages.reopen_by_link",
        "registration_pages.keep_by_link",
        "registration_pages.end_links",
        "registration_pages.erase",
        "calendar_pages.change_by_link",
        "poll_pages.vote",
        "question_pages.ask",
        "question_pages.vote",
        "question_pages.withdraw_own",
        "question_pages.leave",
        "question_pages.edit",
        "question_pages.withdraw",
    }
)
"""Endpoints that work with cookies off: who may act stands in the address, a secret from a mail, or
anybody may. CSRF protection is about authority that a browser adds by itself to what another site
makes it send. Here it adds none, and without cookies no token could be checked: it would only keep
out the people whom these pages are for, and the one-click unsubscribe of mail programs. Once a
browser brings a login session, it adds authority, and a token is asked for as everywhere."""

LEAVES_NO_TRACE: Final = frozenset(
    {
        "api.ask_question",
        "api.want_question",
        "api.want_question_no_more",
        "api.change_question",
        "api.vote_in_poll",
        "api.beat",
    }
)
"""What is done in a room without a name. That a token was used at the very moment at which somebody
asked would tell who it was."""

_BY_SESSION = select(User).where(User.fs_uniquifier == bindparam("uniquifier"))

csrf = CSRFProtect()


class People(SQLAlchemyUserDatastore):
    """Accounts as Flask-Security finds them."""

    def find_user(self, case_insensitive: bool = False, **named: Any) -> User | None:  # noqa: ANN401, FBT001, FBT002 -- as in the base
        """Return one account; the one that a login session names is asked for on every page.

        It comes without its roles, which :func:`accounts.access.actor_for` reads with memberships.
        """
        if "fs_uniquifier" in named:
            return db.session.scalar(_BY_SESSION, {"uniquifier": named["fs_uniquifier"]})
        return cast("User | None", super().find_user(case_insensitive=case_insensitive, **named))


def set_up_security(app: Flask, settings: Settings) -> None:
    """Give ``app`` sign-in, CSRF protection and :func:`current_actor`."""
    app.config.update(security_options(settings))
    csrf.init_app(app)
    app.before_request(_begin)
    app.teardown_request(_end)
    datastore = People(db, User, RoleRow)
    security = Security(
        app, datastore, register_blueprint=False, login_form=SignInForm, render_template=render_form
    )
    security.login_manager.request_loader(None)  # tokens of programs are ours, see current_actor
    security.principal.identity_loaders.clear()  # they would read the account for every request
    user_authenticated.connect(_begin_session, app)
    app.register_blueprint(routes)
    app.context_processor(lambda: {"actor": LocalProxy(_actor_on_page), "has_login": has_login})


def security_options(settings: Settings) -> dict[str, object]:
    """Return the configuration of cookies, forms and sign-in."""
    secure = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SESSION_COOKIE_NAME": "mc_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_NAME": "mc_remember",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_DURATION": timedelta(days=SESSION_DAYS),
        "WTF_CSRF_CHECK_DEFAULT": False,  # _begin checks, because it knows bearer tokens
        "WTF_CSRF_SSL_STRICT": False,  # _from_here knows pages whose address is no one's to tell
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a page may stay open for a session
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # the same hash as the command line makes
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LEAST,
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_POST_LOGIN_VIEW": HOME,
        "SECURITY_POST_LOGOUT_VIEW": HOME,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_TRACKABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": "web/translations",
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
    }


def current_actor() -> Actor:
    """Return on whose behalf the present request acts.

    Raises:
        SignInNeeded: A bearer token is given that is not valid.
    """
    if "actor" not in g:
        g.actor = _find_actor()
    actor: Actor = g.actor
    return actor


def _actor_on_page() -> Actor:
    """Return the actor for a template: late, as a page that names nobody needs no query."""
    try:
        return current_actor()
    except SignInNeeded:  # this is the page that says so
        return STRANGER


def bearer_secret() -> str | None:
    """Return the bearer token of the request, if it carries one."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None


def _find_actor() -> Actor:
    secret = bearer_secret()
    if secret is None:
        return actor_for(db.session, current_user.id if current_user.is_authenticated else None)
    now = utc_now()
    actor = actor_of_token(db.session, secret=secret, now=now)
    if request.method not in SAFE and request.endpoint not in LEAVES_NO_TRACE:
        note_token_use(db.session, secret=secret, now=now)
    return actor


def _begin() -> None:
    """Choose the transaction, throttle sign-in, and check where a form came from."""
    mark_reading(only_reads=request.method in SAFE)
    if request.method not in SAFE:
        _check_write()
    if request.path.startswith("/api/"):
        current_actor()  # a token that is not valid is refused whatever is asked


def _check_write() -> None:
    if _needs_csrf():
        csrf.protect()
        if request.is_secure and not _from_here():
            raise BadRequest(FROM_ELSEWHERE)
    if request.endpoint == "security.login":
        limit_sign_in()


def _end(error: BaseException | None) -> None:
    del error
    mark_reading(only_reads=False)


def _needs_csrf() -> bool:
    """Tell whether another site could make a browser send this with somebody's authority."""
    if bearer_secret() is not None:
        return False
    by_itself = request.path.startswith("/api/") or request.endpoint in WITHOUT_SIGN_IN
    return not by_itself or has_login()


def _from_here() -> bool:
    """Tell whether a page of this site sent the form, as the browser says.

    A page whose address is a secret names no referrer; browsers that are not old say it otherwise.
    """
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    return bool(same_origin(request.referrer or "", request.host_url))


def has_login() -> bool:
    """Tell whether the browser brings a login session, or what would begin one.

    Forms of :data:`WITHOUT_SIGN_IN` carry a CSRF token just then: nobody else gets a cookie.
    """
    return "_user_id" in session or "mc_remember" in request.cookies


def _begin_session(app: Flask, **news: object) -> None:
    """Drop what the session held before sign-in, so that none of it can have been planted."""
    del app, news
    if request.endpoint == "security.login":  # other ways in are counted by themselves
        forgive_sign_in()
    for name in [name for name in session if not name.startswith(SET_BY_SIGN_IN)]:
        session.pop(name)

"""What is kept about somebody, why and for how long, with a switch; and what she watched."""

from flask import Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.joining.enums import ConsentKind
from accounts.joining.queries import consent_to, passkeys_of
from accounts.joining.rules import HISTORY_VERSION
from accounts.joining.services.consents import give_consent, withdraw_consent
from accounts.rules import has_mailbox
from core.errors import InvalidInput
from streams.history.queries import watched_by
from streams.history.rules import owner_key
from streams.history.services import forget
from web.account.blueprint import SEE_OTHER, me, page, pages, settings
from web.database import db


@pages.get("/account/privacy")
def privacy() -> Response:
    """Say what is kept, and let her switch what needs her yes."""
    user = me()
    return page(
        "privacy.html",
        user=user,
        has_mailbox=has_mailbox(user.email),
        passkeys=passkeys_of(db.session, user_id=user.id),
        consent=consent_to(db.session, user_id=user.id, kind=ConsentKind.HISTORY),
        version=HISTORY_VERSION,
        done=session.pop("privacy_done", ""),
    )


@pages.post("/account/privacy/history")
def switch_history() -> AnyResponse:
    """Say yes to a history, to the words of this version; or no, and what there was is deleted."""
    user = me()
    if request.form.get("act") == "off":
        withdraw_consent(db.session, user_id=user.id, kind=ConsentKind.HISTORY, now=g.now)
        forget(db.session, owner=_owner(user.id))
        done = "off"
    elif request.form.get("version") == str(HISTORY_VERSION):
        if consent_to(db.session, user_id=user.id, kind=ConsentKind.HISTORY) is None:
            forget(db.session, owner=_owner(user.id))  # of whoever had the account before
        give_consent(
            db.session,
            user_id=user.id,
            kind=ConsentKind.HISTORY,
            version=HISTORY_VERSION,
            now=g.now,
        )
        done = "on"
    else:  # the words have changed since the page was opened
        raise InvalidInput
    db.session.commit()
    session["privacy_done"] = done
    return redirect(url_for("account_pages.privacy"), SEE_OTHER)


@pages.get("/account/history")
def history() -> Response:
    """Show what she can go on with, and what she has seen."""
    user = me()
    is_on = consent_to(db.session, user_id=user.id, kind=ConsentKind.HISTORY) is not None
    watched = watched_by(db.session, owner=_owner(user.id)) if is_on else ()
    return page("history.html", is_on=is_on, watched=watched)


@pages.post("/account/history/erase")
def erase_history() -> AnyResponse:
    """Delete one replay from the history, or all."""
    chosen = request.form.get("livestream")
    forget(db.session, owner=_owner(me().id), livestream_id=chosen or None)
    db.session.commit()
    return redirect(url_for("account_pages.history"), SEE_OTHER)


def _owner(user_id: str) -> str:
    return owner_key(settings().data_key, user_id)

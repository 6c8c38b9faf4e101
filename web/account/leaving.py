"""Taking everything along, and deleting the account with a receipt."""

import json

from flask import Response, g, make_response, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from accounts.joining.errors import LastAdministrator, StillHosting
from accounts.joining.models import Erasure
from catalog.models import Host
from catalog.rules import is_id
from core.clock import rfc3339
from core.errors import InvalidInput, NotFound, Refusal, _
from streams.requests import storage
from web.account.blueprint import (
    SEE_OTHER,
    again,
    is_recent,
    me,
    page,
    pages,
    reason_of,
    settings,
)
from web.database import db
from web.language import current_language
from web.personal.erasing import begin, check, waited_for
from web.personal.handing import archive_of
from web.personal.wording import said_of

KEPT = (
    _("Acts at work in the log of the administration, under an id whose name is gone."),
    _("Questions, which were never joined to the account. The secret link of each withdraws it."),
    _("Copies in backups, until these are overwritten."),
)


@pages.get("/account/export")
def export() -> AnyResponse:
    """Hand over everything that is held about whoever is signed in, as one file."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.export"))
    made = archive_of(
        db.session,
        storage(),
        user_id=user.id,
        data_key=settings().data_key,
        language=current_language(),
        now=g.now,
    )
    answer = make_response(made)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = 'attachment; filename="mindcast.zip"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/account/erase")
def erasing() -> AnyResponse:
    """Say what goes, what stays, and what must happen first."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.erasing"))
    try:
        check(db.session, user_id=user.id)
    except (StillHosting, LastAdministrator) as refusal:
        return _erase_page(user.id, refusal)
    return _erase_page(user.id)


@pages.post("/account/erase")
def erase() -> AnyResponse:
    """Delete the account; nobody can bring it back."""
    user = me()
    if not is_recent():
        return again(url_for("account_pages.erasing"))
    if request.form.get("sure") != "1":
        raise InvalidInput
    try:
        receipt = begin(db.session, user=user, settings=settings(), now=g.now)
    except (StillHosting, LastAdministrator) as refusal:
        db.session.rollback()
        return _erase_page(me().id, refusal)
    db.session.commit()
    session.clear()
    session["_remember"] = "clear"  # Flask-Login takes its cookie back
    return redirect(url_for("account_pages.receipt", number=receipt.id), SEE_OTHER)


@pages.get("/receipts/<number>")
def receipt(number: str) -> Response:
    """Show a receipt to whoever has its number; it says nothing about whose it is."""
    found = _receipt(number)
    deleted = [(said_of(name, current_language()), count) for name, count in found.counts.items()]
    kept = [gettext(one) for one in KEPT]
    return page("receipt.html", receipt=found, deleted=deleted, kept=kept)


@pages.get("/receipts/<number>/file")
def receipt_file(number: str) -> Response:
    """Hand a receipt over as a file."""
    found = _receipt(number)
    whole = {
        "receipt": found.id,
        "asked_at": rfc3339(found.asked_at),
        "done_at": rfc3339(found.done_at) if found.done_at else None,
        "deleted": found.counts,
        "kept": [str(gettext(one)) for one in KEPT],
    }
    answer = make_response(json.dumps(whole, ensure_ascii=False, indent=2))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="mindcast-{found.id}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _receipt(number: str) -> Erasure:
    found = db.session.get(Erasure, number) if is_id(number) else None
    if found is None:
        raise NotFound
    return found


def _erase_page(user_id: str, refusal: Refusal | None = None) -> Response:
    return page(
        "erase.html",
        refusal.status if refusal and request.method == "POST" else 200,
        is_host=db.session.get(Host, user_id) is not None,
        reason=reason_of(refusal) if refusal else "",
        livestreams=waited_for(db.session, user_id=user_id),
    )

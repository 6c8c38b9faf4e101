"""The blueprint of the editors' pages about licences, and what its views share."""

from typing import Any

from flask import Blueprint, Response, g, make_response, request

from catalog.credentials.rules.countries import country_names
from catalog.credentials.rules.verification import check_may_verify
from catalog.credentials.views.apply_pages import KINDS
from catalog.credentials.views.blueprint import current_session, settings
from core.errors import Refusal
from core.limits import count_up
from core.sealing import keyed_fingerprint

pages = Blueprint("verification_pages", __name__)

LARGEST_REQUEST = 2**20
ACTS_PER_HOUR = 300


@pages.before_request
def only_staff() -> None:
    """Refuse everybody else before anything is looked up."""
    check_may_verify(g.actor)


@pages.context_processor
def words_for_templates() -> dict[str, Any]:
    """Give templates the names of professions and countries."""
    return {
        "kind_names": {value: name for value, name, _teaches in KINDS},
        "country_names": country_names(g.language),
    }


def limit_acts(act: str, *, most: int = ACTS_PER_HOUR, by: str | None = None) -> None:
    """Count an act of the person, or by ``by``; the count stands even when the act fails.

    Raises:
        TooMany: There were ``most`` in this hour.
    """
    session = current_session()
    who = keyed_fingerprint(settings().secret_key, by or g.actor.user_id or "")
    try:
        count_up(session, key=f"{act}:{who}"[:100], limit=most, seconds=3600, now=g.now)
    finally:
        session.commit()


def typed(name: str, longest: int = 20_000) -> str:
    """Return a field of the form, cut where nobody types on."""
    return request.form.get(name, "")[:longest]


def faults_of(refusal: Refusal) -> dict[str, Any]:
    """Return the faults of a refusal by the names of their fields."""
    return {one.field: one for one in getattr(refusal, "errors", ())}


def csv_file(text: str, name: str) -> Response:
    """Answer with a table that no cache keeps."""
    response = make_response("\ufeff" + text)  # spreadsheets take the mark for UTF-8
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text

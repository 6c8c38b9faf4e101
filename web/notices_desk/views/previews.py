"""Frames of a notice as it is sent: its HTML, and its subject and text; also of unsaved words."""

from collections.abc import Sequence

from flask import Response, render_template, request

from accounts.notices.wording import WordingText, load
from core.errors import FieldError, InvalidInput
from web.database import db
from web.notices_desk import services
from web.notices_desk.rules import read
from web.notices_desk.samples import letter_of
from web.notices_desk.views.answers import framed
from web.notices_desk.views.wordings import asked_language, pages


@pages.get("/<kind>/frame")
def frame(kind: str) -> Response:
    """Show the HTML of a notice with the words in force, exactly as it is sent."""
    return _html(kind, asked_language(kind))


@pages.post("/<kind>/frame")
def typed(kind: str) -> Response:
    """Show a notice with words that are not saved, or what stands in the way of sending them."""
    language, words = asked_language(kind), read(request.form)
    faults = services.faults_of(db.session, kind=kind, language=language, text=words)
    if faults:
        return _faults(faults)
    if request.args.get("as") == "text":
        return _text(kind, language, words)
    return _html(kind, language, words)


def _html(kind: str, language: str, words: WordingText | None = None) -> Response:
    return framed(letter_of(kind, language, _wordings(kind, language, words)).html)


def _text(kind: str, language: str, words: WordingText) -> Response:
    letter = letter_of(kind, language, _wordings(kind, language, words))
    subject = letter.header("Subject")
    return framed(
        render_template("web/notices_desk/frame_text.html", subject=subject, text=letter.text)
    )


def _faults(faults: Sequence[FieldError]) -> Response:
    page = render_template("web/notices_desk/frame_faults.html", faults=faults)
    return framed(page, status=InvalidInput.status)


def _wordings(
    kind: str, language: str, words: WordingText | None
) -> dict[tuple[str, str], WordingText]:
    """Return the words in force, with those that are only typed in their place."""
    return {**load(db.session), **({(kind, language): words} if words else {})}

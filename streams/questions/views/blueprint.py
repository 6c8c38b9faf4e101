"""The blueprint of the pages of questions, and what its views share."""

from collections.abc import Iterable

from cryptography.fernet import InvalidToken
from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext

from core.errors import FieldError, Refusal
from core.sealing import unseal
from streams.questions.access import Visitor
from streams.questions.enums import QuestionState
from streams.questions.errors import NoSuchQuestion
from streams.questions.models import Question
from streams.requests import settings, unkept
from streams.room.passes import pass_of
from streams.room.rules import name_of

pages = Blueprint("question_pages", __name__)


@pages.app_template_filter("made_up_name")
def made_up_name(code: int) -> str:
    """Return a made-up name in the language of the page."""
    return name_of(code, g.language)


@pages.app_template_filter("private_reply")
def private_reply(mine: Question) -> str:
    """Return the reply to the asker alone; empty when there is none or its key is another."""
    if mine.state != QuestionState.PRIVATE or not mine.reply_sealed:
        return ""
    try:
        return unseal(settings().data_key, mine.reply_sealed)
    except InvalidToken:
        return ""


def visitor() -> Visitor:
    """Return who sends the present request; nothing of it is stored."""
    return Visitor(g.actor, pass_of(request), g.visitor)


def hidden(page: str, status: int = 200) -> Response:
    """Answer with a page whose address is a secret: listed by nobody, kept nowhere, told nobody."""
    response = unkept(page, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.errorhandler(NoSuchQuestion)
def no_question(refusal: NoSuchQuestion) -> Response:
    """Say what may have become of a link, and what can be done."""
    return hidden(render_template("streams/questions/gone.html"), refusal.status)


def reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page."""
    return str(gettext(refusal.message, **refusal.params))


def said(faults: Iterable[FieldError]) -> str:
    """Return what is wrong with the text, in the language of the page."""
    return " ".join(str(gettext(fault.message, **fault.params)) for fault in faults)

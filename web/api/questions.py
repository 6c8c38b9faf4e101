"""Questions without a name: asked, wanted by others, changed by their asker, decided on."""

from datetime import datetime
from typing import Any, Final

from flask import Response, current_app, request

from core.clock import utc_now
from core.errors import FieldError, InvalidInput, _
from core.words import LANGUAGES, in_language
from streams.moderation.access import Move, move_question
from streams.questions import access, services
from streams.questions.access import Taken, Visitor
from streams.questions.enums import QuestionState, RiskTier
from streams.questions.models import Question
from streams.room.passes import keep_pass, pass_of
from streams.room.rules import name_of
from streams.room.services import Entered
from web.addresses import site_url
from web.api.blueprint import api
from web.api.idempotency import HEADER, LONGEST_KEY, REPLAYED
from web.api.presenting import settings
from web.api.schemas.questions import (
    QuestionItem,
    QuestionPatch,
    QuestionTaken,
    QuestionVotes,
    QuestionWrite,
)
from web.crisis import Place, places_for
from web.database import db
from web.language import current_language, translate
from web.limits import visitor_address
from web.security import current_actor
from web.times import viewer_zone

HELP_NOW: Final = _("You can talk to someone now. You do not need to be certain.")
SAY_WHAT: Final = _("Say what should become of it.")
SAY_WHICH: Final = _("Say which question stays.")
UNKNOWN_LANGUAGE: Final = _("Choose one of these: %(languages)s.")
BAD_KEY: Final = _("Use at most 200 printable characters.")
UNKEPT: Final = {"Cache-Control": "private, no-store"}

ROOM: Final = "/livestreams/<livestream_id>/questions"
VOTES: Final = f"{ROOM}/<question_id>/votes"


@api.post(ROOM)
@api.input(QuestionWrite, arg_name="written")
@api.output(QuestionTaken, status_code=202)
def ask_question(livestream_id: str, written: QuestionWrite) -> Response:
    """Ask without a name. For whoever may watch, while questions are open; no account is needed.

    An ``Idempotency-Key`` makes it safe to repeat, and nothing is stored for it: while the room
    knows people, the same request has the same ``edit_token``. Keep the cookie of the answer: it
    is by which the room knows a person again.
    """
    if written.language is not None and written.language not in LANGUAGES:
        params = {"languages": ", ".join(LANGUAGES)}
        raise InvalidInput(FieldError("language", UNKNOWN_LANGUAGE, params))
    taken = access.ask_for(
        db.session,
        livestream_id=livestream_id,
        visitor=_visitor(),
        text=written.text,
        page_language=written.language or current_language(),
        name=written.name,
        key=_key(),
        now=utc_now(),
    )
    db.session.commit()
    answer = _answer(_taken(taken), 202)
    if taken.asked.is_repeat:
        answer.headers[REPLAYED] = "true"
    return _with_pass(answer, livestream_id, taken.entered)


@api.post(VOTES)
@api.output(QuestionVotes)
def want_question(livestream_id: str, question_id: str) -> Response:
    """Want to know it as well; twice counts once. For whoever may watch, until the end."""
    return _vote(livestream_id, question_id, wanted=True)


@api.delete(VOTES)
@api.output(QuestionVotes)
def want_question_no_more(livestream_id: str, question_id: str) -> Response:
    """Take that back. For whoever may watch, until the end."""
    return _vote(livestream_id, question_id, wanted=False)


@api.patch("/questions/<question_id>")
@api.input(QuestionPatch, arg_name="wish")
@api.output(QuestionItem)
@api.doc(security="bearer")
def change_question(question_id: str, wish: QuestionPatch) -> Response:
    """Decide on a question, for its moderators; its host moves what they let through.

    What the question desk offers is done, and nothing else. Whoever is second gets 409
    `changed_meanwhile` with the `state` and `version` that it has by now.

    With ``edit_token`` its asker changes the words, or takes it back, without an account.
    """
    now = utc_now()
    if wish.edit_token is not None:
        changed = _by_asker(question_id, wish, wish.edit_token, now)
    else:
        changed = _by_crew(question_id, wish, now)
    db.session.commit()
    return _answer(_item(changed), 200)


def _by_asker(question_id: str, wish: QuestionPatch, token: str, now: datetime) -> Question:
    mine = access.question_by_token(db.session, question_id=question_id, token=token)
    if wish.state is QuestionState.WITHDRAWN:
        return services.withdraw_question(db.session, question=mine, now=now)
    if wish.text is None:
        raise InvalidInput(FieldError("text", SAY_WHAT))
    return services.edit_question(db.session, question=mine, text=wish.text, now=now)


def _by_crew(question_id: str, wish: QuestionPatch, now: datetime) -> Question:
    if wish.state is None:
        raise InvalidInput(FieldError("state", SAY_WHAT))
    if wish.state is QuestionState.MERGED and not wish.merged_into:
        raise InvalidInput(FieldError("merged_into", SAY_WHICH))
    return move_question(
        db.session,
        actor=current_actor(),
        question_id=question_id,
        move=Move(
            wish.state,
            wish.version,
            reason=wish.reason or "",
            text=wish.reply or "",
            target_id=wish.merged_into or "",
        ),
        data_key=settings().data_key,
        now=now,
    )


def _vote(livestream_id: str, question_id: str, *, wanted: bool) -> Response:
    votes, entered = access.vote_for(
        db.session,
        livestream_id=livestream_id,
        question_id=question_id,
        visitor=_visitor(),
        wanted=wanted,
        now=utc_now(),
    )
    db.session.commit()
    return _with_pass(_answer({"votes": votes, "wanted": wanted}, 200), livestream_id, entered)


def _visitor() -> Visitor:
    return Visitor(current_actor(), pass_of(request), visitor_address())


def _key() -> str:
    key = request.headers.get(HEADER, "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInput(FieldError(HEADER, BAD_KEY))
    return key


def _answer(body: dict[str, Any], status: int) -> Response:
    text = current_app.json.dumps(body)
    return Response(text, status, mimetype="application/json", headers=UNKEPT)


def _with_pass(answer: Response, livestream_id: str, entered: Entered) -> Response:
    keep_pass(answer, livestream_id=livestream_id, entered=entered, secure=request.is_secure)
    return answer


def _taken(taken: Taken) -> dict[str, Any]:
    question, token = taken.asked.question, taken.asked.edit_token
    return {
        "id": question.id,
        "state": question.state,
        "edit_token": token,
        "page_url": f"{site_url()}/questions/{token}",
        "name": name_of(question.pseudonym, current_language()),
        "help": {
            "urgent": question.tier == RiskTier.HIGH,
            "message": translate(HELP_NOW, {}),
            "page_url": f"{site_url()}/help",
            "lines": [_line(place) for place in places_for(viewer_zone().key).shortlist()],
            "redirect": taken.asked.redirect,
        },
    }


def _line(place: Place) -> dict[str, Any]:
    language = current_language()
    return {
        "place": in_language(place.name, language),
        "name": in_language(place.line, language),
        "number": place.number,
        "hours": in_language(place.hours, language),
        "links": [channel.href for channel in place.channels],
    }


def _item(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "state": question.state,
        "text": question.text,
        "version": question.version,
        "votes": question.votes,
    }

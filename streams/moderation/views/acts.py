"""What moderators do at the desk: forms, which scripts send as well."""

from typing import Any

from flask import Response, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from catalog.models import Livestream
from core.errors import InvalidInput, Refusal
from streams.moderation import access
from streams.moderation.enums import Act
from streams.moderation.errors import NotOffered
from streams.moderation.queries import on_pile
from streams.moderation.services import Wish
from streams.moderation.views.blueprint import DESK, pages
from streams.moderation.views.desk import draw
from streams.moderation.views.drawing import Look, look_of
from streams.questions.enums import RefusalReason
from streams.questions.errors import NoSuchQuestion
from streams.requests import SEE_OTHER, current_session, settings, unkept

LONGEST_VERSION = 10  # digits: more than a database keeps


@pages.post(f"{DESK}/open")
def open_question(livestream_id: str) -> AnyResponse:
    """Open the question ``question`` of the pile ``show``: it is this moderator's for a minute."""
    session, look = current_session(), look_of(request.form)
    access.take_question(
        session,
        livestream_id=livestream_id,
        question_id=look.question_id,
        actor=g.actor,
        now=g.now,
    )
    session.commit()
    return _to(livestream_id, look)


@pages.post(f"{DESK}/keep")
def keep_open(livestream_id: str) -> AnyResponse:
    """Say that the question ``question`` is still being read; 204, and nothing is shown."""
    session, look = current_session(), look_of(request.form)
    access.take_question(
        session,
        livestream_id=livestream_id,
        question_id=look.question_id,
        actor=g.actor,
        now=g.now,
    )
    session.commit()
    return Response(status=204)


@pages.post(f"{DESK}/decide")
def decide(livestream_id: str) -> AnyResponse:
    """Do ``act`` to ``question`` as it was in ``version``, then open the next of the pile."""
    session, look = current_session(), look_of(request.form)
    livestream = access.livestream_to_moderate(session, livestream_id=livestream_id, actor=g.actor)
    following = _following(session, look, livestream)
    try:
        _decide(session, livestream, look.question_id)
    except (InvalidInput, NotOffered) as refusal:
        return _refused(session, livestream_id, look, refusal)
    except Refusal as refusal:
        if refusal.status != 409:  # noqa: PLR2004 -- the family of states
            raise
        return _refused(session, livestream_id, look, refusal)
    session.commit()
    opened = _open_next(session, livestream_id, following)
    return _to(livestream_id, Look(look.pile, opened), done=look.question_id)


@pages.post(f"{DESK}/undo")
def undo(livestream_id: str) -> AnyResponse:
    """Take back what was decided last on ``question``, and open it again."""
    session, look = current_session(), look_of(request.form)
    try:
        access.undo_decision(
            session,
            livestream_id=livestream_id,
            question_id=look.question_id,
            version=_number(request.form.get("version", "")),
            actor=g.actor,
            now=g.now,
        )
    except Refusal as refusal:
        if refusal.status != 409:  # noqa: PLR2004 -- as above
            raise
        return _refused(session, livestream_id, look, refusal)
    access.take_question(
        session,
        livestream_id=livestream_id,
        question_id=look.question_id,
        actor=g.actor,
        now=g.now,
    )
    session.commit()
    return _to(livestream_id, look, done=look.question_id)


@pages.post(f"{DESK}/door")
def door(livestream_id: str) -> AnyResponse:
    """Close the questions of a livestream (``closed`` is ``y``), or open them again."""
    session = current_session()
    access.set_door(
        session,
        livestream_id=livestream_id,
        is_closed=request.form.get("closed") == "y",
        actor=g.actor,
        now=g.now,
    )
    session.commit()
    if request.form.get("from") == "studio":
        return redirect(url_for("studio_pages.studio", livestream_id=livestream_id), SEE_OTHER)
    return _to(livestream_id, look_of(request.form))


def wish_of() -> Wish:
    """Read what somebody wants from the form.

    Raises:
        NotOffered: There is no such act.
    """
    act, form = request.form.get("act", ""), request.values
    if act not in set(Act):
        raise NotOffered
    reason = form.get("reason", "")
    return Wish(
        act=Act(act),
        version=_number(form.get("version", "")),
        reason=reason if reason in set(RefusalReason) else "",
        text=form.get("text", ""),
        target_id=form.get("target", "")[:64] if act == Act.MERGE else "",
    )


def _decide(session: Session, livestream: Livestream, question_id: str) -> None:
    access.decide_question(
        session,
        livestream_id=livestream.id,
        question_id=question_id,
        actor=g.actor,
        wish=wish_of(),
        data_key=settings().data_key,
        now=g.now,
    )


def _following(session: Session, look: Look, livestream: Livestream) -> str:
    """Return the question after the open one on its pile, for when this one leaves it."""
    rows = on_pile(session, livestream_id=livestream.id, pile=look.pile)
    ids = [one.id for one in rows]
    if look.question_id not in ids:
        return ""
    at = ids.index(look.question_id)
    return (ids[at + 1 :] or ids[:at][-1:] or [""])[0]


def _open_next(session: Session, livestream_id: str, question_id: str) -> str:
    """Open a question after a decision, which stands even if this one is gone by now."""
    if not question_id:
        return ""
    try:
        access.take_question(
            session, livestream_id=livestream_id, question_id=question_id, actor=g.actor, now=g.now
        )
    except NoSuchQuestion:
        session.rollback()
        return ""
    session.commit()
    return question_id


def _refused(session: Session, livestream_id: str, look: Look, refusal: Refusal) -> Response:
    """Show the desk as it is now, and why nothing was done."""
    session.rollback()
    livestream = access.livestream_to_moderate(session, livestream_id=livestream_id, actor=g.actor)
    return unkept(draw(session, livestream, look, refusal=refusal), refusal.status)


def _to(livestream_id: str, look: Look, done: str = "") -> AnyResponse:
    query: dict[str, Any] = {**look.query, **({"done": done} if done else {})}
    address = url_for("moderation_pages.desk", livestream_id=livestream_id, **query)
    return redirect(address, SEE_OTHER)


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < LONGEST_VERSION
    return int(text) if is_number else -1

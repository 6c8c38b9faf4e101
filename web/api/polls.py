"""Polls: the crew prepares, opens, closes and releases them; whoever may watch answers once."""

from collections.abc import Mapping
from typing import Any

from apiflask.schemas import EmptySchema
from flask import Response, jsonify, request

from core.clock import utc_now
from streams.polls import access
from streams.polls.rules import PollDraft
from streams.readiness.access import livestream_of_crew
from streams.room.passes import keep_pass, pass_of
from streams.room_state.rules import poll_object
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas.fields import IN_ANY_LANGUAGE
from web.api.schemas.polls import PollItem, PollList, PollWrite, VoteItem, VoteWrite
from web.database import db
from web.limits import visitor_address
from web.security import current_actor

POLLS = "/livestreams/<livestream_id>/polls"


@api.get(POLLS)
@api.output(PollList)
@api.doc(security="bearer")
def list_polls(livestream_id: str) -> dict[str, Any]:
    """List the polls of a livestream with their figures so far. For its crew."""
    found = access.polls_for(db.session, actor=current_actor(), livestream_id=livestream_id)
    return {"items": [poll_object(one) for one in found], "next_cursor": None}


@api.post(POLLS)
@api.input(PollWrite, arg_name="written")
@api.output(PollItem, status_code=201)
@api.doc(security="bearer")
@writes
def write_poll(livestream_id: str, written: PollWrite) -> Answer:
    """Prepare a poll. For the host, the moderators and the staff."""
    made = access.write_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        draft=_draft(livestream_id, written),
        now=utc_now(),
    )
    return _poll(livestream_id, made.id), 201, {}


@api.put(f"{POLLS}/<poll_id>")
@api.input(PollWrite, arg_name="written")
@api.output(PollItem)
@api.doc(security="bearer")
@writes
def rewrite_poll(livestream_id: str, poll_id: str, written: PollWrite) -> Answer:
    """Put other words in the place of a poll that nobody has seen. For the crew."""
    access.rewrite_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        poll_id=poll_id,
        draft=_draft(livestream_id, written),
    )
    return _poll(livestream_id, poll_id), 200, {}


@api.post(f"{POLLS}/<poll_id>/open")
@api.output(PollItem)
@api.doc(security="bearer")
@writes
def open_poll(livestream_id: str, poll_id: str) -> Answer:
    """Let everybody answer, while it is live and no other poll is open. For the crew."""
    return _act(livestream_id, poll_id, "open")


@api.post(f"{POLLS}/<poll_id>/close")
@api.output(PollItem)
@api.doc(security="bearer")
@writes
def close_poll(livestream_id: str, poll_id: str) -> Answer:
    """Take no more answers; nothing is told of them yet. For the crew."""
    return _act(livestream_id, poll_id, "close")


@api.post(f"{POLLS}/<poll_id>/release")
@api.output(PollItem)
@api.doc(security="bearer")
@writes
def release_poll(livestream_id: str, poll_id: str) -> Answer:
    """Tell everybody the figures; an open poll is closed with it. For the crew."""
    return _act(livestream_id, poll_id, "release")


@api.delete(f"{POLLS}/<poll_id>")
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def discard_poll(livestream_id: str, poll_id: str) -> tuple[str, int]:
    """Throw away a poll that nobody has seen. For the crew."""
    access.discard_for(
        db.session, actor=current_actor(), livestream_id=livestream_id, poll_id=poll_id
    )
    db.session.commit()
    return "", 204


@api.post(f"{POLLS}/<poll_id>/votes")
@api.input(VoteWrite, arg_name="written")
@api.output(VoteItem)
def vote_in_poll(livestream_id: str, poll_id: str, written: VoteWrite) -> Response:
    """Answer a poll, or change the answer while it is open; no account is needed.

    A browser is known in this one room by a cookie that the first answer sets, and by nothing else.
    """
    entered = access.answer_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        poll_id=poll_id,
        choice=written.choice,
        token=pass_of(request),
        visitor=visitor_address(),
        now=utc_now(),
    )
    db.session.commit()
    answer = jsonify(poll=poll_id, choice=written.choice)
    answer.headers["Cache-Control"] = "private, no-store"
    keep_pass(answer, livestream_id=livestream_id, entered=entered, secure=request.is_secure)
    return answer


def _act(livestream_id: str, poll_id: str, act: str) -> Answer:
    access.act_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        poll_id=poll_id,
        act=act,
        now=utc_now(),
    )
    return _poll(livestream_id, poll_id), 200, {}


def _poll(livestream_id: str, poll_id: str) -> dict[str, Any]:
    found = access.polls_for(db.session, actor=current_actor(), livestream_id=livestream_id)
    return next(poll_object(one) for one in found if one.id == poll_id)


def _draft(livestream_id: str, written: PollWrite) -> PollDraft:
    talk = livestream_of_crew(db.session, livestream_id=livestream_id, actor=current_actor())
    return PollDraft(
        _named(written.question, talk.language),
        [_named(one, talk.language) for one in written.choices],
    )


def _named(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {tag if tag != IN_ANY_LANGUAGE else language: text for tag, text in words.items()}

"""The host's part: what moderators approved, answered one after another in the studio."""

from dataclasses import dataclass

from flask import g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from catalog.queries import LivestreamView
from streams.moderation import access
from streams.moderation.access import may_moderate
from streams.moderation.queries import Queued, for_host
from streams.moderation.rules import offered_to_host
from streams.moderation.views.acts import wish_of
from streams.moderation.views.blueprint import pages
from streams.questions.enums import QuestionState as Q
from streams.readiness.access import livestream_of_crew
from streams.requests import SEE_OTHER, current_session, settings
from streams.room.queries import standing_of
from streams.room.rules import Door


@dataclass(frozen=True, slots=True)
class HostQueue:
    """What the studio shows of questions; ``moderates`` is whether the desk is for this person."""

    on_air: Queued | None
    queue: tuple[Queued, ...]
    door: Door
    moderates: bool


@pages.post("/livestreams/<livestream_id>/studio/questions/<question_id>")
def answer(livestream_id: str, question_id: str) -> AnyResponse:
    """Answer a question now (``act`` is ``on_air``), say it is answered, or put it ``back``."""
    session = current_session()
    livestream_of_crew(session, livestream_id=livestream_id, actor=g.actor)
    access.act_as_host(
        session,
        livestream_id=livestream_id,
        question_id=question_id,
        actor=g.actor,
        wish=wish_of(),
        data_key=settings().data_key,
        now=g.now,
    )
    session.commit()
    if "application/json" in request.headers.get("Accept", ""):
        return redirect(
            url_for("studio_pages.studio_state", livestream_id=livestream_id), SEE_OTHER
        )
    return redirect(
        url_for("studio_pages.studio", livestream_id=livestream_id, _anchor="questions-h"),
        SEE_OTHER,
    )


def host_queue(session: Session, view: LivestreamView) -> HostQueue:
    """Return what the studio shows of questions: nothing that was not approved."""
    livestream = livestream_of_crew(session, livestream_id=view.id, actor=g.actor)
    rows = [one for one in for_host(session, livestream_id=view.id) if _is_for_host(one)]
    return HostQueue(
        on_air=next((one for one in rows if one.state == Q.ON_AIR), None),
        queue=tuple(one for one in rows if one.state != Q.ON_AIR),
        door=standing_of(session, livestream=livestream, now=g.now).door,
        moderates=may_moderate(session, livestream=livestream, actor=g.actor),
    )


def _is_for_host(one: Queued) -> bool:
    return bool(offered_to_host(one.state, one.tier))

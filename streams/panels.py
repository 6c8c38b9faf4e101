"""What stands around the video of a livestream: each part asks the room that knows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog.models import Livestream
from catalog.queries import LivestreamView, catalogue_version
from catalog.rules import is_announced
from catalog.search.queries.related import related
from streams.answers.queries import shown_answers
from streams.audience.rules.telling import least_of
from streams.handouts.queries import handouts_of
from streams.history.access import is_kept, own_position
from streams.moderation.access import may_moderate
from streams.phases import Phase
from streams.questions.access import AskingPanel, panel_for
from streams.recordings.rules import Chapter, clock_of
from streams.room.passes import pass_of
from streams.room_state.queries import (
    RoomPanel,
    live_chapters,
    polls_of_replay,
    questions_of_replay,
    room_panel,
)
from streams.room_state.rules import chapter_object, poll_object, question_object

if TYPE_CHECKING:
    from core.settings import Settings
    from core.shelf import Shelf

WITH_ROOM = frozenset({Phase.BEFORE, Phase.OPENING, Phase.LIVE, Phase.INTERRUPTED, Phase.ENDED})
"""A replay shows its questions where they were asked."""
ON_AIR = frozenset({Phase.OPENING, Phase.LIVE, Phase.INTERRUPTED})
"""Nothing leads away from what is said now."""


def panels_of(session: Session, view: LivestreamView, phase: Phase) -> dict[str, Any]:
    """Return what the parts of the page show, by the name of the part; a template each."""
    recorded = phase in {Phase.REPLAY, Phase.REVIEW}
    return {
        "moderates": _moderates(session, view),
        "asking": _asking(session, view) if phase in WITH_ROOM and is_announced(view) else None,
        "room": _room(session, view) if phase in WITH_ROOM and is_announced(view) else None,
        "so_far": _so_far(session, view) if phase in ON_AIR else [],
        "handouts": handouts_of(session, livestream_id=view.id),
        "in_step": _in_step(session, view) if recorded else [],
        "polls": _polls(session, view) if recorded else [],
        "answers": shown_answers(session, livestream_id=view.id) if recorded else [],
        "history": _history(session, view) if recorded else None,
        "related": () if phase in ON_AIR else _related(session, view),
    }


def _related(session: Session, view: LivestreamView) -> tuple[LivestreamView, ...]:
    """Return what else is about the same; for strangers, who see alike, found once for many."""

    def find() -> tuple[LivestreamView, ...]:
        return related(session, view=view, actor=g.actor, now=g.now)

    if g.actor != STRANGER:
        return find()
    shelf: Shelf = current_app.extensions["mindcast.shelf"]
    return shelf.fetch(("related", view.id), catalogue_version(session), find)


def _history(session: Session, view: LivestreamView) -> int | None:
    """Return the second at which this viewer goes on; None when she has not said yes to that."""
    if not is_kept(session, actor=g.actor):
        return None
    settings: Settings = current_app.extensions["mindcast.settings"]
    return own_position(session, actor=g.actor, livestream_id=view.id, data_key=settings.data_key)


def _moderates(session: Session, view: LivestreamView) -> bool:
    """Tell whether the question desk is for this viewer; a stranger costs no query."""
    if g.actor.user_id is None:
        return False
    livestream = session.get_one(Livestream, view.id)
    return may_moderate(session, livestream=livestream, actor=g.actor)


@dataclass(frozen=True, slots=True)
class InStep:
    """A question of a replay as the page shows it; ``place`` is None where it has none."""

    question: dict[str, Any]
    place: Chapter | None


def _in_step(session: Session, view: LivestreamView) -> list[InStep]:
    found = questions_of_replay(session, livestream_id=view.id, broadcast_id=view.broadcast_id)
    return [
        InStep(
            question_object(one.question),
            None if one.at_ms is None else Chapter(one.at_ms, one.question.text),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class PollInStep:
    """A released poll of a replay as the page shows it; ``place`` is None where it has none."""

    poll: dict[str, Any]
    place: Chapter | None


def _polls(session: Session, view: LivestreamView) -> list[PollInStep]:
    found = polls_of_replay(session, livestream_id=view.id, broadcast_id=view.broadcast_id)
    return [
        PollInStep(poll_object(one.poll), None if one.at_ms is None else Chapter(one.at_ms, ""))
        for one in found
    ]


def _so_far(session: Session, view: LivestreamView) -> list[dict[str, Any]]:
    found = live_chapters(session, livestream=view)
    return [{**chapter_object(one), "clock": clock_of(one.second)} for one in found]


def _asking(session: Session, view: LivestreamView) -> AskingPanel:
    return panel_for(session, livestream=view, token=pass_of(request), now=g.now)


def _room(session: Session, view: LivestreamView) -> RoomPanel:
    return room_panel(
        session,
        livestream_id=view.id,
        token=pass_of(request),
        order=request.args.get("order", ""),
        whole="all" in request.args,
        least=least_of(topic.risk for topic in view.topics),
    )

"""Reads of the room as everybody sees it, now and in a replay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.queries import LivestreamView
from media.models import Broadcast
from media.recording import replay_rows
from media.showing import premiere_shift
from streams.marks.queries import chapters_so_far
from streams.marks.rules import SoFar, replay_ms
from streams.polls.queries import (
    ShownPoll,
    choice_of,
    poll_of_everybody,
    released_polls,
)
from streams.questions.queries import ShownQuestion, own_questions, shown_questions, voted_by
from streams.room.models import Room
from streams.room.queries import participant_of
from streams.room_state.rules import (
    chapter_object,
    chosen,
    in_order,
    moment_of,
    newest_first,
    place_in,
    poll_object,
    question_object,
)

_VERSION = select(Room.version).where(Room.livestream_id == bindparam("livestream_id"))

Placed = tuple[bool, int | None]
WANTED: Final = "wanted"
NEWEST: Final = "newest"


@dataclass(frozen=True, slots=True)
class RoomState:
    """What everybody sees of a room beside the video."""

    questions: list[dict[str, Any]]
    count: int
    """How many questions are shown in all."""
    poll: dict[str, Any] | None
    chapters: list[dict[str, Any]]
    """What has been talked about so far, while it is live."""


@dataclass(frozen=True, slots=True)
class RoomPanel:
    """The room on the page of one person, known by the pass of their browser alone."""

    order: str
    """``wanted`` or ``newest``."""
    questions: list[dict[str, Any]]
    count: int
    voted: list[str]
    """Ids of the questions that this person wants to know as well."""
    mine: list[str]
    poll: dict[str, Any] | None
    choice: int | None
    """What this person answered in the poll."""
    least: int
    """The fewest answers of which figures are told."""


@dataclass(frozen=True, slots=True)
class ReplayQuestion:
    """A question of a replay; ``at_ms`` is None for what was asked before or answered after it."""

    question: ShownQuestion
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class ReplayPoll:
    """A poll of a replay with its figures, where it was opened."""

    poll: ShownPoll
    at_ms: int | None


def version_of_room(session: Session, *, livestream_id: str) -> int:
    """Return the number of changes of what everybody sees; 0 while nobody took part."""
    return session.scalar(_VERSION, {"livestream_id": livestream_id}) or 0


def room_state(session: Session, *, livestream: LivestreamView) -> RoomState:
    """Return the room as it stands beside the video: the questions that matter most, the poll."""
    questions = shown_questions(session, livestream.id)
    poll = poll_of_everybody(session, livestream_id=livestream.id)
    return RoomState(
        [question_object(one) for one in chosen(questions)],
        len(questions),
        poll_object(poll) if poll else None,
        [chapter_object(one) for one in live_chapters(session, livestream=livestream)],
    )


def live_chapters(session: Session, *, livestream: LivestreamView) -> list[SoFar]:
    """Return the chapters so far of what is live.

    Afterwards there are none: those of a replay are its own, and not to be seen before it is.
    """
    if livestream.state != LivestreamState.LIVE:
        return []
    return chapters_so_far(
        session,
        livestream_id=livestream.id,
        broadcast_id=livestream.broadcast_id,
        language=livestream.language,
    )


def all_questions(session: Session, *, livestream_id: str) -> list[dict[str, Any]]:
    """Return every question that is shown, in order."""
    return [question_object(one) for one in in_order(shown_questions(session, livestream_id))]


def room_panel(
    session: Session, *, livestream_id: str, token: str, order: str, whole: bool, least: int
) -> RoomPanel:
    """Return the room as a page shows it before any script runs.

    Args:
        session: Only read from.
        livestream_id: Whose room.
        token: Of the pass of the browser; empty: nobody is known.
        order: ``newest``; anything else is ``wanted``.
        whole: Whether every question is listed, not only those that matter most.
        least: From how many answers on figures are told.
    """
    shown = shown_questions(session, livestream_id)
    listed = in_order(shown) if whole else chosen(shown)
    ordered = newest_first(listed) if order == NEWEST else listed
    person = participant_of(session, livestream_id=livestream_id, token=token)
    poll = poll_of_everybody(session, livestream_id=livestream_id)
    return RoomPanel(
        order=NEWEST if order == NEWEST else WANTED,
        questions=[question_object(one) for one in ordered],
        count=len(shown),
        voted=_voted(session, livestream_id, person, shown),
        mine=_mine(session, livestream_id, person, shown),
        poll=poll_object(poll) if poll else None,
        choice=choice_of(session, livestream_id=livestream_id, poll_id=poll.id, token=token)
        if poll
        else None,
        least=least,
    )


def _voted(
    session: Session, livestream_id: str, person: str | None, shown: list[ShownQuestion]
) -> list[str]:
    if person is None or not shown:
        return []
    return sorted(voted_by(session, livestream_id=livestream_id, participant=person))


def _mine(
    session: Session, livestream_id: str, person: str | None, shown: list[ShownQuestion]
) -> list[str]:
    if person is None or not shown:
        return []
    asked = own_questions(session, livestream_id=livestream_id, participant=person)
    return sorted(one.id for one in asked)


def questions_of_replay(
    session: Session, *, livestream_id: str, broadcast_id: str
) -> list[ReplayQuestion]:
    """Return the questions of a recording where they were taken up, in that order.

    What lies in a part that was cut off is not there. What was asked before the start or answered
    in writing after the end has no place, and comes last.
    """
    asked = shown_questions(session, livestream_id)
    if not asked:
        return []
    place = _placing(session, broadcast_id)
    found = [
        ReplayQuestion(one, at_ms)
        for one in asked
        for shown, at_ms in [place(moment_of(one))]
        if shown
    ]
    return sorted(found, key=lambda one: (one.at_ms is None, one.at_ms or 0, one.question.shown_at))


def polls_of_replay(session: Session, *, livestream_id: str, broadcast_id: str) -> list[ReplayPoll]:
    """Return the polls whose figures were released, where they were opened."""
    found = released_polls(session, livestream_id=livestream_id)
    if not found:
        return []
    place = _placing(session, broadcast_id)
    return [
        ReplayPoll(poll, at_ms)
        for poll in found
        for shown, at_ms in [place(poll.opened_at)]
        if shown
    ]


def _placing(session: Session, broadcast_id: str) -> Callable[[datetime | None], Placed]:
    """Return what tells where on the clock of the replay a moment of the wall's clock lies."""
    rows = replay_rows(session, broadcast_id=broadcast_id)
    broadcast = session.get_one(Broadcast, broadcast_id)
    shift = premiere_shift(broadcast)
    over = broadcast.end_requested_at

    def place(moment: datetime | None) -> Placed:
        if moment is None or not rows:
            return True, None
        return place_in(
            moment - shift,
            begins=rows[0].program_at,
            ends=rows[-1].ends_at,
            opened=broadcast.opened_at or rows[0].program_at,
            over=over - shift if over else rows[-1].ends_at,
            on_clock=lambda at: replay_ms(rows, at),
        )

    return place

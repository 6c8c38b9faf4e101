"""A room as everybody sees it: which questions first, and what is said of each. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from core.clock import rfc3339
from core.words import LANGUAGES
from streams.marks.rules import SoFar
from streams.polls.queries import ShownPoll
from streams.questions.enums import QuestionState as S
from streams.questions.queries import ShownQuestion
from streams.room.rules import name_of

MOST: Final = 30
"""Questions in the state itself; all of them stand behind ``questions_url``."""
FRESH: Final = 6
"""Places among them for the newest: what was just let through is seen, however few want it."""

_TURN: Final = {S.ON_AIR: 0, S.APPROVED: 1, S.ANSWERED: 2}


def in_order(questions: Iterable[ShownQuestion]) -> list[ShownQuestion]:
    """Return questions as they are listed: on air, most wanted, the newer first, then answered."""
    return sorted(questions, key=lambda one: (_TURN[S(one.state)], -one.votes, _back(one.shown_at)))


def newest_first(questions: Iterable[ShownQuestion]) -> list[ShownQuestion]:
    """Return questions by when they came; the one on air stays in front."""
    return sorted(questions, key=lambda one: (one.state != S.ON_AIR, _back(one.shown_at)))


def chosen(questions: Sequence[ShownQuestion], most: int = MOST) -> list[ShownQuestion]:
    """Return the questions that a page needs at once, in order; the newest are among them."""
    listed = in_order(questions)
    if len(listed) <= most:
        return listed
    fresh = {one.id for one in sorted(listed, key=lambda one: _back(one.shown_at))[:FRESH]}
    wanted = [one for one in listed if one.id not in fresh][: most - len(fresh)]
    kept = fresh | {one.id for one in wanted}
    return [one for one in listed if one.id in kept]


def question_object(one: ShownQuestion) -> dict[str, Any]:
    """Return what is said of a question; what does not apply is left out to be short."""
    told: dict[str, Any] = {
        "id": one.id,
        "name": {tag: name_of(one.code, tag) for tag in LANGUAGES},
        "text": one.text,
        "language": one.language,
        "state": one.state,
        "votes": one.votes,
        "shown_at": rfc3339(one.shown_at),
    }
    if one.on_air_at is not None:
        told["on_air_at"] = rfc3339(one.on_air_at)
    if one.reply:
        told["reply"] = one.reply
    return told


def poll_object(one: ShownPoll) -> dict[str, Any]:
    """Return what is said of a poll; shares and the number of answers once they may be told."""
    figures = one.figures
    return {
        "id": one.id,
        "question": one.texts,
        "choices": one.choices,
        "state": one.state,
        "opened_at": _moment(one.opened_at),
        "closed_at": _moment(one.closed_at),
        "answers": figures.answers if figures else None,
        "shares": list(figures.shares) if figures and figures.shares else None,
    }


def chapter_object(one: SoFar) -> dict[str, Any]:
    """Return what is said of a chapter of what is live; ``at`` is the time in its playlists."""
    return {"at": rfc3339(one.at), "second": one.second, "title": one.title}


def archive_object(
    questions: Sequence[ShownQuestion], polls: Sequence[ShownPoll], *, version: int
) -> Mapping[str, Any]:
    """Return the room as it is kept with the broadcast: times of the clock, not of a replay.

    A replay may be cut anew; where on its clock a moment lies follows from its segments.
    """
    return {
        "version": version,
        "questions": [question_object(one) for one in sorted(questions, key=moment_of)],
        "polls": [poll_object(one) for one in polls],
    }


def moment_of(one: ShownQuestion) -> datetime:
    """Return when a question stood before everybody: taken up aloud, else first to be read."""
    return one.on_air_at or one.shown_at


def place_in(
    moment: datetime,
    *,
    begins: datetime,
    ends: datetime,
    opened: datetime,
    over: datetime,
    on_clock: Callable[[datetime], int],
) -> tuple[bool, int | None]:
    """Return whether a moment belongs to a replay, and where: None is before or after the talk.

    Args:
        moment: As program time of the recording.
        begins: Where what is shown of it begins; with ``ends`` after every cut.
        ends: Where it ends.
        opened: Where the whole of it began, before any cut; with ``over``.
        over: Where it ended.
        on_clock: Makes program time into milliseconds of the replay.
    """
    if moment < opened or moment >= over:
        return True, None
    return (True, on_clock(moment)) if begins <= moment < ends else (False, None)


def _back(moment: datetime) -> float:
    return -moment.timestamp()


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)

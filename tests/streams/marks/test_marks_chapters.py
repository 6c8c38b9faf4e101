"""Marks become the chapters of the replay when nobody has written any."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from core.clock import utc_now
from core.work.models import Work
from core.work.queries import find_work
from media.models import TextTrack
from media.tracks import tracks_of
from streams.marks.models import Mark
from streams.marks.services import (
    CHAPTERS,
    LATEST,
    ask_for_chapters,
    ask_for_missing_chapters,
    make_chapters,
)
from tests.streams.trimming.conftest import CHAPTERS as WRITTEN
from tests.streams.trimming.conftest import Scene, scene
from web.clock import JOBS

__all__ = ["scene"]
pytestmark = pytest.mark.integration


def mark(scene: Scene, seconds: float, title: str = "") -> None:
    began = scene.broadcast.opened_at
    assert began is not None
    at = began + timedelta(seconds=seconds)
    scene.session.add(Mark(livestream_id=scene.livestream.id, at=at, title=title))
    scene.session.flush()


def make(scene: Scene) -> list[list[object]]:
    broadcast_id = scene.livestream.broadcast_id
    make_chapters(scene.session, scene.storage, broadcast_id=broadcast_id, now=utc_now())
    (track,) = tracks_of(scene.session, broadcast_id)
    return track.cues


def test_marks_become_chapters_in_the_language_of_the_talk(scene: Scene) -> None:
    scene.session.execute(delete(TextTrack))
    mark(scene, 12)
    mark(scene, 25, "Questions")
    expected = [[0, 12_000, "Part 1"], [12_000, 25_000, "Part 2"], [25_000, 40_000, "Questions"]]
    assert make(scene) == expected
    assert make(scene) == expected


def test_chapters_written_by_hand_stay(scene: Scene) -> None:
    mark(scene, 25, "Questions")
    assert make(scene) == [list(one) for one in WRITTEN]


def test_chapters_are_asked_for_where_there_are_marks(scene: Scene) -> None:
    one = {"kind": CHAPTERS, "subject": scene.livestream.broadcast_id, "revision": 1}
    ask_for_chapters(scene.session, livestream_id=scene.livestream.id, now=utc_now())
    assert find_work(scene.session, **one) is None  # type: ignore[arg-type]  # names and values
    mark(scene, 5)
    ask_for_chapters(scene.session, livestream_id=scene.livestream.id, now=utc_now())
    assert find_work(scene.session, **one) is not None  # type: ignore[arg-type]  # as above


def test_marks_outside_a_cut_come_back_with_its_undo(scene: Scene) -> None:
    """The recording was cut before its marks had become chapters."""
    scene.session.execute(delete(TextTrack))
    mark(scene, 5, "Before")
    mark(scene, 12, "Begin")
    mark(scene, 35, "After")
    assert scene.api("POST", "trim", {"start_seconds": 10, "end_seconds": 30}).status_code == 200
    assert make(scene) == [[0, 2_000, "Before"], [2_000, 20_000, "Begin"]]
    assert scene.api("DELETE", "trim").status_code == 200
    (track,) = tracks_of(scene.session, scene.livestream.broadcast_id)
    assert track.cues == [
        [0, 5_000, "Part 1"],
        [5_000, 12_000, "Before"],
        [12_000, 35_000, "Begin"],
        [35_000, 40_000, "After"],
    ]


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({}, 1),
        ({"recorded": False}, 0),
        ({"withheld_at": utc_now()}, 0),
        ({"state": "live"}, 0),
        ({"ended_at": utc_now() - LATEST}, 0),
    ],
)
def test_clock_asks_for_chapters_that_nobody_asked_for(
    scene: Scene, facts: dict[str, object], count: int
) -> None:
    assert ask_for_missing_chapters in [job.act for job in JOBS]
    now = utc_now()
    scene.livestream.ended_at = now - timedelta(minutes=1)
    for name, value in facts.items():
        setattr(scene.livestream, name, value)
    ask_for_missing_chapters(scene.session, now)
    assert count_chapters(scene) == 0
    mark(scene, 5)
    for _look in range(2):
        ask_for_missing_chapters(scene.session, now)
        assert count_chapters(scene) == count


def count_chapters(scene: Scene) -> int:
    found = select(func.count()).select_from(Work).where(Work.kind == CHAPTERS)
    return scene.session.scalars(found).one()

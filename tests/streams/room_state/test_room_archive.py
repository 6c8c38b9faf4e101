"""The room is kept with its broadcast, shown where it was asked, and goes with the broadcast."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import utc_now
from core.database import Sessions
from core.work.models import Work
from media.errors import NoSuchMedia
from media.paths import broadcast_prefix, read_key, room_key
from streams.polls.models import Poll
from streams.questions.models import Question
from streams.questions.services import withdraw_question
from streams.room.models import Room
from streams.room_state.queries import polls_of_replay, questions_of_replay
from streams.room_state.services import ARCHIVE, keep_room, keep_rooms, kept_room
from tests.streams.trimming.conftest import Scene, scene
from web.clock import JOBS
from web.steps import STEPS

__all__ = ["scene"]
pytestmark = pytest.mark.integration


def opened(scene: Scene) -> datetime:
    at = scene.broadcast.opened_at
    assert at is not None
    return at


def add_question(scene: Scene, seconds: float, text: str = "Why?", *, aloud: bool = True) -> None:
    at = opened(scene) + timedelta(seconds=seconds)
    scene.session.add(
        Question(
            livestream_id=scene.livestream.id,
            text=text,
            state="answered" if aloud else "approved",
            edit_fingerprint=f"{text} {seconds}",
            asked_at=at,
            changed_at=at,
            shown_at=at - timedelta(seconds=1) if aloud else at,
            on_air_at=at if aloud else None,
        )
    )
    scene.session.flush()


def add_poll(scene: Scene, seconds: float, state: str) -> None:
    at = opened(scene) + timedelta(seconds=seconds)
    poll = Poll(livestream_id=scene.livestream.id, texts={"en": "Clear?"}, state=state)
    poll.choices, poll.counts = [{"en": "Yes"}, {"en": "No"}], [30, 20]
    poll.created_at = poll.opened_at = at
    scene.session.add(poll)
    scene.session.flush()


def places(scene: Scene) -> list[tuple[str, int | None]]:
    ids = {"livestream_id": scene.livestream.id, "broadcast_id": scene.broadcast.id}
    found = questions_of_replay(scene.session, **ids)
    return [(one.question.text, one.at_ms) for one in found]


def test_questions_stand_where_they_were_taken_up(scene: Scene) -> None:
    scene.broadcast.end_requested_at = opened(scene) + timedelta(seconds=40)
    add_question(scene, 25, "late")
    add_question(scene, 5.5, "early")
    add_question(scene, -600, "before", aloud=False)
    add_question(scene, 900, "after", aloud=False)
    assert places(scene) == [("early", 5_500), ("late", 25_000), ("before", None), ("after", None)]


def test_what_was_cut_off_takes_its_questions_along(scene: Scene) -> None:
    scene.broadcast.end_requested_at = opened(scene) + timedelta(seconds=40)
    for seconds in (5, 12, 35):
        add_question(scene, seconds, str(seconds))
    add_poll(scene, 6, "released")
    add_poll(scene, 14, "released")
    assert scene.api("POST", "trim", {"start_seconds": 10, "end_seconds": 30}).status_code == 200
    assert places(scene) == [("12", 2_000)]
    ids = {"livestream_id": scene.livestream.id, "broadcast_id": scene.broadcast.id}
    assert [one.at_ms for one in polls_of_replay(scene.session, **ids)] == [4_000]


def test_only_released_polls_come_along(scene: Scene) -> None:
    for number, state in enumerate(("closed", "released", "draft")):
        add_poll(scene, number, state)
    ids = {"livestream_id": scene.livestream.id, "broadcast_id": scene.broadcast.id}
    (found,) = polls_of_replay(scene.session, **ids)
    assert found.poll.figures is not None
    assert (found.poll.figures.answers, found.poll.figures.shares) == (50, (60, 40))


def over(scene: Scene) -> None:
    now = utc_now()
    scene.livestream.ended_at = now - timedelta(minutes=1)
    room = Room(livestream_id=scene.livestream.id, secret="s", version=3, created_at=now)
    scene.session.add(room)
    scene.session.flush()


def asked(scene: Scene) -> list[int]:
    return sorted(scene.session.scalars(select(Work.revision).where(Work.kind == ARCHIVE)))


def test_the_clock_keeps_a_room_once_for_every_change(scene: Scene) -> None:
    assert keep_rooms in [job.act for job in JOBS]
    assert ARCHIVE in STEPS
    over(scene)
    for _look in range(2):
        keep_rooms(scene.session, utc_now())
    assert asked(scene) == [3]
    add_poll(scene, 3, "open")  # it was left open: nobody can answer it any more
    keep_rooms(scene.session, utc_now())
    assert asked(scene) == [3, 4]
    assert scene.session.scalars(select(Poll.state)).all() == ["closed"]


def test_what_is_taken_back_months_later_goes_from_what_was_kept(
    scene: Scene, sessions_here: Sessions
) -> None:
    over(scene)
    add_question(scene, 5, "Why?")
    keep_rooms(scene.session, utc_now())
    keep_room(sessions_here, scene.storage, broadcast_id=scene.broadcast.id)
    question = scene.session.scalars(select(Question)).one()
    withdraw_question(scene.session, question=question, now=utc_now())
    keep_rooms(scene.session, utc_now() + timedelta(days=90))
    assert asked(scene) == [3, 4]
    keep_room(sessions_here, scene.storage, broadcast_id=scene.broadcast.id)
    assert kept_room(scene.storage, broadcast_id=scene.broadcast.id)["questions"] == []


@pytest.mark.parametrize("fact", ["not recorded", "withheld", "emptied", "live"])
def test_what_is_not_kept_keeps_no_room(scene: Scene, fact: str) -> None:
    over(scene)
    if fact == "not recorded":
        scene.livestream.recorded = False
    elif fact == "withheld":
        scene.livestream.withheld_at = utc_now()
    elif fact == "emptied":
        scene.broadcast.emptied_at = utc_now()
    else:
        scene.livestream.state = "live"
    scene.session.flush()
    keep_rooms(scene.session, utc_now())
    assert asked(scene) == []


def test_the_kept_room_says_what_everybody_saw_and_has_no_address(
    scene: Scene, sessions_here: Sessions
) -> None:
    over(scene)
    add_question(scene, 5, "Why?")
    add_question(scene, 6, "A secret", aloud=False)
    scene.session.query(Question).filter_by(text="A secret").update({"state": "refused"})
    add_poll(scene, 6, "released")
    broadcast_id = scene.broadcast.id
    for _time in range(2):
        keep_room(sessions_here, scene.storage, broadcast_id=broadcast_id)
    kept = kept_room(scene.storage, broadcast_id=broadcast_id)
    assert [one["text"] for one in kept["questions"]] == ["Why?"]
    assert [one["shares"] for one in kept["polls"]] == [[60, 40]]
    assert "secret" not in json.dumps(kept)
    assert room_key(broadcast_id).startswith(
        broadcast_prefix(broadcast_id)
    )  # it goes with the rest
    with pytest.raises(NoSuchMedia):
        read_key(room_key(broadcast_id))


def test_its_host_reads_what_is_kept_and_nobody_else(scene: Scene, sessions_here: Sessions) -> None:
    over(scene)
    add_question(scene, 5, "Why?")
    address = f"/api/v1/livestreams/{scene.livestream.id}/audience/kept"
    assert scene.api("GET", "audience/kept").status_code == 404
    keep_room(sessions_here, scene.storage, broadcast_id=scene.broadcast.id)
    kept = scene.api("GET", "audience/kept")
    assert [one["text"] for one in kept.json["questions"]] == ["Why?"]  # type: ignore[index]  # it is JSON
    assert kept.headers["Cache-Control"] == "private, no-store"
    assert scene.client.get(address).status_code == 401


def test_a_broadcast_that_was_removed_meanwhile_gets_nothing_back(
    scene: Scene, sessions_here: Sessions
) -> None:
    over(scene)
    scene.broadcast.emptied_at = utc_now()
    scene.session.flush()
    keep_room(sessions_here, scene.storage, broadcast_id=scene.broadcast.id)
    assert list(scene.storage.list_keys(room_key(scene.broadcast.id))) == []


def test_a_replay_shows_the_polls_that_were_released(scene: Scene) -> None:
    page = f"/livestreams/{scene.livestream.id}"
    assert "polls-in-step" not in scene.client.get(page).text
    add_poll(scene, 65, "closed")
    scene.session.commit()
    assert "polls-in-step" not in scene.client.get(page).text
    add_poll(scene, 12.5, "released")
    scene.session.commit()
    text = scene.client.get(page).text
    assert 'href="#t=12" data-second="12"' in text
    assert '<b>Yes</b><b class="num">60%</b>' in text
    assert text.count("<h3>Clear?</h3>") == 1

from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session

from accounts.notices.models import Notice
from accounts.notices.ports import Answer, Due, Say
from core.database import Sessions
from core.settings import Settings
from tests.fakes.notices import make_user, put
from web.worker import notices
from web.worker.notices import Lane, expand, make_lane, run_notices

TALK = {"title": "Sleep", "starts": "Tuesday", "host": "Dr. Wu", "minutes": "60", "until": "noon"}


def _source(session: Session, due: Due, now: datetime) -> Answer:
    del session, due, now
    return Say(TALK, link="http://site.test/there")


def _lane(sessions: Sessions, settings: Settings, stop: Event, *expanders: object) -> Lane:
    sources = {"host_asked": _source}
    return make_lane(sessions, settings, stop, sources=sources, expanders=expanders)  # type: ignore[arg-type]  # functions of a test


def _mails(settings: Settings) -> list[Path]:
    return sorted(settings.mail.rglob("*.eml"))


def test_lane_expands_and_sends_until_it_is_stopped(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    made, stop = make_user(sessions, now), Event()
    rounds = []

    def filling(session: Session, at: datetime) -> int:
        del session
        assert at.tzinfo is not None
        rounds.append(at)
        if _mails(settings):
            stop.set()
        return 0

    put(sessions, "host_asked", made.id, "offer", now=now)
    lane = Thread(target=run_notices, args=(_lane(sessions, settings, stop, filling),))
    lane.start()
    lane.join(timeout=30)
    assert len(rounds) >= 2
    (mail,) = _mails(settings)
    with sessions() as session:
        row = session.query(Notice).one()
    assert (row.state, row.attempts) == ("sent", 1)
    assert f"Message-ID: <{row.id}".lower().encode() in mail.read_bytes().lower()


def test_expander_that_fails_keeps_nobody_from_being_told(
    sessions: Sessions, settings: Settings
) -> None:
    def broken(session: Session, now: datetime) -> int:
        raise ValueError(session, now)

    def well(session: Session, now: datetime) -> int:
        del session, now
        return 3

    assert expand(_lane(sessions, settings, Event(), broken, well)) == 3


def test_lane_survives_whatever_is_raised(
    sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, turns = Event(), list[int]()
    lane = _lane(sessions, settings, stop)

    class Failing:
        def run_batch(self, stop: Event) -> int:
            turns.append(1)
            if len(turns) == 3:
                stop.set()
            raise RuntimeError

        def settle(self) -> None:
            raise RuntimeError

        def close(self) -> None:
            turns.append(0)

    monkeypatch.setattr(notices, "PAUSE_SECONDS", 0)
    run_notices(Lane(lane.sessions, Failing(), stop, ()))  # type: ignore[arg-type]  # as far as it is used
    assert turns == [1, 1, 1, 0]

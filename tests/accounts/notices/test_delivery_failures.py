from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts.notices.delivery.deciding import Decider
from accounts.notices.delivery.engine import Delivery
from accounts.notices.enums import Channel, DropReason, NoticeState
from accounts.notices.errors import AddressRefusedError, EndDownError, SendingFailedError
from accounts.notices.ports import Answer, Drop, Due, Outgoing, Say
from core.database import Sessions
from core.sealing import seal
from tests.fakes.notices import (
    KEY,
    MemoryEnd,
    Post,
    make_person,
    put,
    says,
)


def test_poisoned_row_steps_aside_and_the_batch_goes_on(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    post.sources["changed"] = says(ValueError("what ada@example.org chose"))
    put(sessions, "day_before", ada, "before", now=now, due_at=now - timedelta(hours=3))
    put(sessions, "changed", ada, "source", now=now, due_at=now - timedelta(hours=2))
    put(sessions, "day_before", ada, "after", now=now, due_at=now - timedelta(hours=1))
    assert post.deliver() == 3
    states = post.states()
    assert (states["before"], states["after"]) == (("sent", ""), ("sent", ""))
    state, reason = states["source"]
    assert state == NoticeState.FAILED
    assert reason.endswith("ValueError: what … chose\n")  # where it was, and nobody's address
    assert post.row("source").attempts == 1


def test_notice_that_cannot_be_composed_steps_aside(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    post.sources["changed"] = says(Say({}))
    put(sessions, "changed", ada, "no title", now=now)
    put(sessions, "day_before", ada, "after", now=now, due_at=now)
    post.deliver()
    assert post.states()["after"] == ("sent", "")
    state, reason = post.states()["no title"]
    assert (state, reason.splitlines()[-1]) == (NoticeState.FAILED, "KeyError: 'changed'")


def test_kind_without_a_source_fails_with_that_reason(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    del post.sources["changed"]
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    post.deliver()
    reason = "No source answers for notices of the kind 'changed'."
    assert post.states() == {"one": ("failed", reason)}


def test_database_error_of_a_source_keeps_the_record_of_the_one_before(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    def broken(session: Session, due: Due, now: datetime) -> Answer:
        del due, now
        session.connection().exec_driver_sql("SELECT * FROM nowhere")
        raise AssertionError

    post.sources["changed"] = broken
    ada = make_person(sessions, now)
    put(sessions, "day_before", ada, "before", now=now, due_at=now - timedelta(hours=1))
    put(sessions, "changed", ada, "broken", now=now)
    post.deliver()
    assert post.states()["before"] == ("sent", "")
    row = post.row("broken")
    assert (row.state, row.attempts, row.due_at) == (
        NoticeState.WAITING,  # it may be well the next time
        1,
        now + timedelta(seconds=30),
    )


def test_sending_that_fails_is_tried_again_ever_later_and_then_given_up(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    waits = []
    post.mail.raises = [SendingFailedError("greylisted") for _ in range(8)]
    while (row := post.row("one")).state == NoticeState.WAITING:
        waits.append((row.due_at - post.clock.moment).total_seconds())
        post.clock.moment = row.due_at
        assert post.deliver() == 1
    assert waits == [0, 30, 120, 600, 1800, 3600, 3600, 3600]
    assert (row.state, row.reason, row.attempts) == (NoticeState.FAILED, "greylisted", 8)
    assert post.mail.refused == [row.id] * 8


def test_retries_give_up_at_the_start(post: Post, sessions: Sessions, now: datetime) -> None:
    start = now + timedelta(seconds=30)
    put(sessions, "day_before", make_person(sessions, now), "one", now=now, give_up_at=start)
    post.mail.raises = [SendingFailedError("busy")]
    post.deliver()
    assert post.states() == {"one": ("failed", "busy")}  # the next attempt would be at the start


def test_refused_address_fails_at_once_without_naming_it(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    post.mail.raises = [AddressRefusedError("550 <ada@example.org> unknown")]
    post.deliver()
    assert post.states() == {"one": ("failed", "refused: 550 <…> unknown")}


def test_end_that_is_down_gives_everything_back_and_waits(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, "one", "two", now=now)
    post.mail.raises = [EndDownError("no connection"), EndDownError("still none")]
    worker = post.worker()
    stop = Event()
    assert worker.run_batch(stop) == 0
    rows = [post.row(name) for name in ("one", "two")]
    assert [(row.state, row.attempts, row.leased_by) for row in rows] == [("waiting", 0, "")] * 2
    assert worker.run_batch(stop) == 0
    assert len(post.mail.refused) == 1  # it was not asked again yet
    post.clock.forward(seconds=2)
    worker.run_batch(stop)
    assert len(post.mail.refused) == 2
    post.clock.forward(seconds=2)  # the second pause is longer
    assert worker.run_batch(stop) == 0
    post.clock.forward(seconds=2)
    assert worker.run_batch(stop) == 2
    assert set(post.states().values()) == {("sent", "")}


def test_end_that_is_down_does_not_close_the_other(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    phone, wish = seal(KEY, "+49301234567"), {"sms_changes": "at_once"}
    ada = make_person(sessions, now, phone_sealed=phone, choices=wish)
    put(sessions, "registered", ada, "mail", now=now, due_at=now - timedelta(minutes=1))
    put(sessions, "changed", ada, "text", now=now, channel=Channel.SMS)
    post.mail.raises = [EndDownError("no connection")]
    worker = post.worker()
    worker.run_batch(Event())
    assert worker.run_batch(Event()) == 1
    assert post.states() == {"mail": ("waiting", ""), "text": ("sent", "")}


def test_stop_between_two_gives_the_rest_back(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", "two", "three", now=now)
    stop = Event()

    class Stopping(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            super().send(message)
            stop.set()

    post.mail = Stopping()
    assert post.worker().run_batch(stop) == 1
    assert sorted(post.states().values()) == [("sent", ""), ("waiting", ""), ("waiting", "")]


class Killed(BaseException):
    """Stands for the end of a process: nobody catches it."""


def _killed_after_sending(post: Post) -> None:
    class Deadly(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            post.mail.sent.append(message)
            raise Killed

    with pytest.raises(Killed):
        post.worker("killed", Deadly()).run_batch(Event())


def test_killed_between_sending_and_recording_repeats_one_with_the_same_id(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", "two", "three", now=now)
    _killed_after_sending(post)
    assert post.deliver() == 0  # the lease still runs
    post.clock.forward(seconds=31)
    assert post.deliver() == 3
    sent = post.mail.ids
    assert len(sent) == 4
    assert len(set(sent)) == 3
    assert sent.count(sent[0]) == 2
    assert set(post.states().values()) == {("sent", "")}


def test_row_that_ends_every_worker_steps_aside(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    for _ in range(8):
        _killed_after_sending(post)
        post.clock.forward(seconds=31)
    post.deliver()
    assert post.states() == {"one": ("failed", "Each attempt ended with the worker that made it.")}


def test_repeated_row_is_asked_again_whether_it_is_true(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    _killed_after_sending(post)
    post.clock.forward(seconds=31)
    post.sources["changed"] = says(Drop(DropReason.NOT_TRUE))
    post.deliver()
    assert post.states() == {"one": ("dropped", DropReason.NOT_TRUE)}
    assert len(post.mail.sent) == 1


def test_worker_whose_lease_ran_out_spoils_nothing(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", "two", now=now)

    class Slow(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            super().send(message)
            if len(self.sent) == 1:  # another worker takes both meanwhile
                post.clock.forward(seconds=31)
                assert post.deliver("other") == 2

    slow = Slow()
    assert post.worker("slow", slow).run_batch(Event()) == 2
    assert len(slow.sent) == 1
    assert len(post.mail.sent) == 2
    assert set(post.states().values()) == {("sent", "")}


def test_database_that_is_away_after_a_sending_costs_no_second_one(
    post: Post, sessions: Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", "two", now=now)
    worker = post.worker()
    away = OperationalError("", None, Exception("away"))

    def begin(*_args: object, **_named: object) -> None:
        raise away

    class Cutting(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            super().send(message)
            if len(self.sent) == 1:
                monkeypatch.setattr(Delivery, "_record", begin)
                monkeypatch.setattr(Decider, "decide", begin)

    post.mail = end = Cutting()
    worker = post.worker()
    with pytest.raises(OperationalError):
        worker.run_batch(Event())
    with pytest.raises(OperationalError):
        worker.run_batch(Event())
    monkeypatch.undo()
    assert worker.run_batch(Event()) == 1
    assert len(end.ids) == len(set(end.ids)) == 2
    assert set(post.states().values()) == {("sent", "")}

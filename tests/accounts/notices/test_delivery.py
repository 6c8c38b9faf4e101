from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.delivery.deciding import Decider
from accounts.notices.delivery.engine import Delivery
from accounts.notices.enums import Channel, DropReason, NoticeState
from accounts.notices.errors import AddressRefused, EndDown, SendingFailed
from accounts.notices.models import Notice, Registration
from accounts.notices.ports import Answer, Drop, Due, Later, Outgoing, Say
from accounts.notices.services import end
from core.database import Sessions
from core.sealing import seal
from tests.fakes.notices import (
    KEY,
    VALUES,
    FixedClock,
    MemoryEnd,
    Post,
    make_person,
    make_user,
    put,
    register,
    says,
)

WORDS = "\n".join(f"{name}: {value}" for name, value in sorted(VALUES.items())).encode()


@pytest.fixture
def post(sessions: Sessions, now: datetime) -> Post:
    known = ("registered", "day_before", "changed", "replay_ready", "host_asked", "host_day_before")
    sources = {kind: says() for kind in (*known, "confirm_registration", "staff_proposal")}
    return Post(sessions, FixedClock(now), sources=sources)


def test_notice_is_sent_once_and_recorded(post: Post, sessions: Sessions, now: datetime) -> None:
    post.sources["changed"] = says(Say(VALUES, facts={"starts": "noon"}))
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    assert (post.deliver(), post.deliver("two")) == (1, 0)
    row = post.row("one")
    assert post.mail.sent == [Outgoing(row.id, "mail", "ada@example.org", WORDS)]
    assert (row.state, row.attempts, row.reason, row.sent_at) == (NoticeState.SENT, 1, "", now)
    assert (row.said, row.leased_by, row.lease_until) == ({"starts": "noon"}, "", None)


def test_person_with_an_account_is_reached_as_the_account_says(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    seen: list[Due] = []

    def source(session: Session, due: Due, now: datetime) -> Answer:
        del session, now
        seen.append(due)
        return Say(VALUES)

    post.sources["host_asked"] = source
    made = make_user(sessions, now, language="zh-Hans", timezone="Asia/Shanghai")
    put(sessions, "host_asked", made.id, "offer", now=now)
    post.deliver()
    person = seen[0].person
    assert (person.address, person.language, person.timezone, person.user_id) == (
        "host@example.org",
        "zh-Hans",
        "Asia/Shanghai",
        made.user_id,
    )


def test_text_message_leaves_by_its_own_end(post: Post, sessions: Sessions, now: datetime) -> None:
    phone = seal(KEY, "+8613912345678")
    wish = {"sms_changes": "at_once"}
    ada = make_person(sessions, now, phone_sealed=phone, choices=wish)
    put(sessions, "changed", ada, "one", now=now, channel=Channel.SMS)
    post.deliver()
    assert post.texts.sent == [Outgoing(post.row("one").id, "sms", "+8613912345678", WORDS)]
    assert post.mail.sent == []


def _end(sessions: Sessions, recipient_id: str, now: datetime) -> None:
    del recipient_id
    with sessions.begin() as session:
        end(session, registration_id=session.query(Registration).one().id, now=now)


def _unconfirm(sessions: Sessions, recipient_id: str, now: datetime) -> None:
    del recipient_id, now
    with sessions.begin() as session:
        session.query(Registration).update({"confirmed_at": None})


@pytest.mark.parametrize(
    ("change", "reason"),
    [(_end, DropReason.UNSUBSCRIBED), (_unconfirm, DropReason.NOT_CONFIRMED)],
)
def test_registration_must_stand_when_it_is_sent(
    post: Post,
    sessions: Sessions,
    now: datetime,
    change: Callable[[Sessions, str, datetime], None],
    reason: DropReason,
) -> None:
    ada = make_person(sessions, now)
    asked = register(sessions, ada, "talk", now)
    for kind in ("day_before", "confirm_registration"):
        put(sessions, kind, ada, kind, now=now, registration_id=asked.id)
    change(sessions, ada, now)
    post.deliver()
    assert post.states() == {
        "day_before": ("dropped", reason),
        "confirm_registration": ("sent", ""),  # it is what asks for the confirmation
    }


def test_registration_that_ends_within_a_batch_stops_the_rest(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    asked = register(sessions, ada, "talk", now)
    put(sessions, "day_before", ada, "one", "two", now=now, registration_id=asked.id)

    class Ending(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            super().send(message)
            with sessions.begin() as session:
                end(session, registration_id=asked.id, now=now)

    post.mail = Ending()
    assert post.deliver() == 2
    assert sorted(post.states().values()) == [("dropped", "unsubscribed"), ("sent", "")]


def test_notice_is_not_sent_from_its_end_on(post: Post, sessions: Sessions, now: datetime) -> None:
    ada = make_person(sessions, now)
    put(sessions, "day_before", ada, "over", now=now, give_up_at=now)
    put(sessions, "day_before", ada, "just", now=now, give_up_at=now + timedelta(microseconds=1))
    post.deliver()
    assert post.states() == {"over": ("dropped", DropReason.TOO_LATE), "just": ("sent", "")}


def test_category_that_is_off_keeps_silent_but_for_what_one_must_know(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    made = make_person(sessions, now, choices={"hosting": "off"})
    put(sessions, "host_day_before", made, "can be off", now=now)
    put(sessions, "host_asked", made, "must be known", now=now)
    post.deliver()
    assert post.states() == {
        "can be off": ("dropped", DropReason.OFF),
        "must be known": ("sent", ""),
    }


def test_closed_account_and_missing_address_are_dropped(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    closed = make_user(sessions, now, active=False)
    put(sessions, "host_asked", closed.id, "closed", now=now)
    bare = make_person(sessions, now, address_sealed="")
    put(sessions, "changed", bare, "no address", now=now)
    put(sessions, "changed", bare, "no phone", now=now, channel=Channel.SMS)
    post.deliver()
    assert post.states() == {
        "closed": ("dropped", DropReason.GONE),
        "no address": ("dropped", DropReason.NO_ADDRESS),
        "no phone": ("dropped", DropReason.NO_ADDRESS),
    }


def test_erased_account_takes_its_rows_with_it(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    made = make_user(sessions, now)
    put(sessions, "host_asked", made.id, "offer", now=now)
    with sessions.begin() as session:
        session.execute(delete(User).where(User.id == made.user_id))
    assert (post.deliver(), post.states()) == (0, {})


def test_quiet_hours_bind_what_can_wait_and_nothing_else(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    mei = make_person(sessions, now, timezone="Asia/Shanghai")  # 02:00 in the night
    put(sessions, "replay_ready", mei, "can wait", now=now)
    for kind in ("changed", "day_before"):
        put(sessions, kind, mei, kind, now=now)
    post.deliver()
    assert post.states() == {
        "can wait": ("waiting", ""),
        "changed": ("sent", ""),
        "day_before": ("sent", ""),
    }
    morning = now + timedelta(hours=6)  # 08:00 there
    assert (post.row("can wait").due_at, post.row("can wait").attempts) == (morning, 0)
    post.clock.moment = morning
    post.deliver()
    assert post.states()["can wait"] == ("sent", "")


def test_source_is_asked_in_the_transaction_that_marks_the_row(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    seen = []

    def source(session: Session, due: Due, now: datetime) -> Answer:
        seen.append((session.get(Notice, due.id).state, now))  # type: ignore[union-attr]  # it is there
        return Say(VALUES)

    post.sources["changed"] = source
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    post.deliver()
    assert seen == [(NoticeState.LEASED, now)]


def test_lease_of_what_is_sent_begins_with_the_sending(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", "two", now=now)
    leases = []

    class Looking(MemoryEnd):
        def send(self, message: Outgoing) -> None:
            with sessions() as session:
                leases.append(session.get_one(Notice, message.id).lease_until)
            post.clock.forward(seconds=20)

    post.mail = Looking()
    post.deliver()
    assert leases == [now + timedelta(seconds=30), now + timedelta(seconds=50)]


def test_source_drops_or_puts_off(post: Post, sessions: Sessions, now: datetime) -> None:
    ada = make_person(sessions, now)
    later = now + timedelta(minutes=5)
    post.sources |= {
        "changed": says(Drop(DropReason.NOT_TRUE)),
        "day_before": says(Later(later)),
        "registered": says(Later(now)),
    }
    for kind in ("changed", "day_before", "registered"):
        put(sessions, kind, ada, kind, now=now)
    assert post.deliver() == 3
    assert post.mail.sent == []
    assert post.states() == {
        "changed": ("dropped", DropReason.NOT_TRUE),
        "day_before": ("waiting", ""),
        "registered": ("waiting", ""),
    }
    assert post.row("day_before").due_at == later
    assert post.row("registered").due_at > now  # or it would be asked without end


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
    post.mail.raises = [SendingFailed("greylisted") for _ in range(8)]
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
    post.mail.raises = [SendingFailed("busy")]
    post.deliver()
    assert post.states() == {"one": ("failed", "busy")}  # the next attempt would be at the start


def test_refused_address_fails_at_once_without_naming_it(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    put(sessions, "changed", make_person(sessions, now), "one", now=now)
    post.mail.raises = [AddressRefused("550 <ada@example.org> unknown")]
    post.deliver()
    assert post.states() == {"one": ("failed", "refused: 550 <…> unknown")}


def test_end_that_is_down_gives_everything_back_and_waits(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, "one", "two", now=now)
    post.mail.raises = [EndDown("no connection"), EndDown("still none")]
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
    post.mail.raises = [EndDown("no connection")]
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


def test_fourth_of_a_day_is_held_but_only_if_it_can_wait(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, "1", "2", "3", "4", now=now, due_at=now - timedelta(hours=1))
    put(sessions, "replay_ready", ada, "replay", now=now)
    post.deliver()
    assert {name: state for name, (state, _) in post.states().items()} == {
        **dict.fromkeys("1234", "sent"),
        "replay": "held",
        "2026-03-11": "waiting",  # the digest
    }


def test_cap_begins_again_with_the_day_of_the_person(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now, timezone="Pacific/Kiritimati")  # 08:00 of the next day there
    put(sessions, "changed", ada, "1", "2", "3", now=now)
    post.clock.forward(hours=-9)
    with sessions.begin() as session:
        session.query(Notice).update({"due_at": post.clock.moment})
    post.deliver()
    post.clock.forward(hours=9)
    put(sessions, "replay_ready", ada, "next day", now=now)
    post.deliver()
    assert post.states()["next day"] == ("sent", "")


def test_whoever_wants_no_digest_is_not_told_what_is_over_the_cap(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now, choices={"account": "off"})
    put(sessions, "changed", ada, "1", "2", "3", now=now, due_at=now - timedelta(hours=1))
    put(sessions, "replay_ready", ada, "replay", now=now)
    post.deliver()
    assert post.states()["replay"] == ("dropped", DropReason.OFF)


def test_sending_before_is_recorded_whatever_becomes_of_the_next(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    """One statement records it with the next that is sent; it stands as well when none is."""
    for name in "abcd":
        one = make_person(sessions, now, f"{name}@example.org")
        put(sessions, "changed", one, name, now=now)
    answers: dict[str, Answer] = {
        "b": Drop(DropReason.NOT_TRUE),
        "d": Later(now + timedelta(hours=1)),
    }
    plain = post.sources["changed"]

    def answer(session: Session, due: Due, now: datetime) -> Answer:
        return answers.get(due.occurrence) or plain(session, due, now)

    post.sources["changed"] = answer
    post.deliver()
    assert post.states() == {
        "a": ("sent", ""),
        "b": ("dropped", "not_true"),
        "c": ("sent", ""),
        "d": ("waiting", ""),
    }

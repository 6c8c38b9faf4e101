from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import Channel, DropReason, NoticeState
from accounts.notices.models import Notice, Registration
from accounts.notices.ports import Answer, Drop, Due, Later, Outgoing, Say
from accounts.notices.services import end
from core.database import Sessions
from core.sealing import seal
from tests.fakes.notices import (
    KEY,
    VALUES,
    MemoryEnd,
    Post,
    make_person,
    make_user,
    put,
    register,
    says,
)

HOUR = timedelta(hours=1)
WORDS = "\n".join(f"{name}: {value}" for name, value in sorted(VALUES.items())).encode()


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
    for place, name in enumerate("abcde"):
        one, due_at = make_person(sessions, now, f"{name}@example.org"), now - HOUR
        put(sessions, "changed", one, name, now=now, due_at=due_at + timedelta(minutes=place))
    answers: dict[str, Answer] = {
        "b": Drop(DropReason.NOT_TRUE),
        "e": Later(now + HOUR),
    }

    def answer(session: Session, due: Due, now: datetime) -> Answer:
        said = Say(VALUES, facts={"to": due.occurrence})
        return answers.get(due.occurrence) or says(said)(session, due, now)

    post.sources["changed"] = answer
    post.deliver()
    assert post.states() == {
        "a": ("sent", ""),
        "b": ("dropped", "not_true"),
        "c": ("sent", ""),
        "d": ("sent", ""),
        "e": ("waiting", ""),
    }
    sent = {name: post.row(name) for name in "acd"}
    assert {name: one.said for name, one in sent.items()} == {name: {"to": name} for name in sent}
    assert {(one.attempts, one.sent_at, one.leased_by) for one in sent.values()} == {(1, now, "")}

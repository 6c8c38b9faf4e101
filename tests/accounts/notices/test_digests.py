from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy.orm import Session

from accounts.notices.delivery.digests import line_of
from accounts.notices.enums import DropReason, NoticeState
from accounts.notices.errors import SendingFailedError
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.ports import Answer, Drop, Due, Later, Person, Say
from accounts.notices.services import end
from accounts.notices.wording import WordingText
from core.database import Sessions
from tests.fakes.notices import SITE, VALUES, FixedClock, Post, make_person, put, register, says

LINE = "The replay is ready: Tuesday · Sleep · http://site.test/there"


@pytest.fixture
def post(sessions: Sessions, now: datetime) -> Post:
    sources = {kind: says() for kind in ("replay_ready", "changed", "day_before")}
    return Post(sessions, FixedClock(now), sources=sources)


@pytest.fixture
def ada(sessions: Sessions, now: datetime) -> str:
    """Return somebody who wants replays once a day."""
    return make_person(sessions, now, choices={"replays": "daily"})


def _morning(post: Post) -> None:
    """Let the next morning come."""
    post.clock.moment = post.clock.moment.replace(hour=8, minute=0) + timedelta(days=1)


def _texts(post: Post) -> list[str]:
    return [one.content.decode() for one in post.mail.sent]


def test_what_is_wanted_daily_comes_in_one_mail_in_the_morning(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    post.sources["replay_ready"] = says(
        Say(VALUES, link="http://site.test/there", facts={"replay": 1})
    )
    put(sessions, "replay_ready", ada, "one", "two", now=now)
    post.deliver()
    assert post.states() == {
        "one": ("held", ""),
        "two": ("held", ""),
        "2026-03-11": ("waiting", ""),
    }
    assert post.row("2026-03-11").due_at == now + timedelta(hours=14)
    _morning(post)
    post.deliver()
    assert _texts(post) == [f"count: 2\nitems: {LINE}\n{LINE}"]
    assert post.states() == {
        "one": ("sent", "in_digest"),
        "two": ("sent", "in_digest"),
        "2026-03-11": ("sent", ""),
    }
    row = post.row("two")
    assert (row.said, row.sent_at) == ({"replay": 1}, post.clock.moment)


def test_item_says_what_is_true_in_the_morning(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "gone", "kept", "later", now=now)
    post.deliver()

    def source(session: Session, due: Due, now: datetime) -> Answer:
        del session
        if due.occurrence == "gone":
            return Drop(DropReason.NOT_TRUE)
        return Say(VALUES) if due.occurrence == "kept" else Later(now + timedelta(hours=1))

    post.sources["replay_ready"] = source
    _morning(post)
    post.deliver()
    assert _texts(post) == ["count: 1\nitems: The replay is ready: Tuesday · Sleep"]
    assert post.states() == {
        "gone": ("dropped", DropReason.NOT_TRUE),
        "kept": ("sent", "in_digest"),
        "later": ("held", ""),
        "2026-03-11": ("sent", ""),
        "2026-03-12": ("waiting", ""),  # for what stays held
    }


def test_item_whose_source_fails_steps_aside_and_the_others_are_told(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    def source(session: Session, due: Due, now: datetime) -> Answer:
        del now
        if due.occurrence == "broken":
            session.connection().exec_driver_sql("SELECT * FROM nowhere")
        return Say(VALUES)

    put(sessions, "replay_ready", ada, "broken", "well", now=now)
    post.deliver()
    post.sources["replay_ready"] = source
    _morning(post)
    post.deliver()
    assert post.states()["broken"][0] == NoticeState.FAILED
    assert "nowhere" in post.states()["broken"][1]
    assert post.states()["well"] == ("sent", "in_digest")


def test_nothing_is_sent_when_nothing_is_left_to_tell(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    asked = register(sessions, ada, "talk", now)
    put(sessions, "replay_ready", ada, "ended", now=now, registration_id=asked.id)
    post.deliver()
    with sessions.begin() as session:
        end(session, registration_id=session.query(Registration).one().id, now=now)
    _morning(post)
    post.deliver()
    assert post.mail.sent == []
    assert post.states() == {
        "ended": ("dropped", DropReason.UNSUBSCRIBED),
        "2026-03-11": ("dropped", DropReason.NOTHING_NEW),
    }


def test_item_of_a_category_that_is_off_by_now_is_dropped(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "one", now=now)
    post.deliver()
    with sessions.begin() as session:
        session.query(Recipient).update({"choices": {"replays": "off"}})
    _morning(post)
    post.deliver()
    assert post.states()["one"] == ("dropped", DropReason.OFF)


def test_digest_waits_for_the_morning_of_the_person(
    post: Post, sessions: Sessions, now: datetime
) -> None:
    mei = make_person(sessions, now, choices={"replays": "daily"}, timezone="Asia/Shanghai")
    put(sessions, "replay_ready", mei, "one", now=now)  # 02:00 of the 11th there
    post.deliver()
    assert post.row("2026-03-11").due_at == now + timedelta(hours=6)


def test_what_the_digest_would_tell_too_late_is_told_at_once(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "soon", now=now, give_up_at=now + timedelta(hours=14))
    put(sessions, "replay_ready", ada, "later", now=now, give_up_at=now + timedelta(hours=15))
    post.deliver()
    assert post.states() == {
        "soon": ("sent", ""),
        "later": ("held", ""),
        "2026-03-11": ("waiting", ""),
    }


def test_held_while_the_digest_is_under_way_goes_into_the_next(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "first", now=now)
    post.deliver()
    with sessions.begin() as session:  # its clock was a moment ahead of ours
        session.query(Notice).filter_by(kind="digest").update({"state": NoticeState.SENDING})
    put(sessions, "replay_ready", ada, "second", now=now)
    post.deliver()
    assert post.states() == {
        "first": ("held", ""),
        "second": ("held", ""),
        "2026-03-11": ("sending", ""),
        "2026-03-12": ("waiting", ""),
    }


def test_digest_that_is_not_taken_seals_nothing(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "one", now=now)
    post.deliver()
    _morning(post)
    post.mail.raises = [SendingFailedError("busy")]
    worker = post.worker()
    worker.run_batch(Event())
    assert post.states() == {"one": ("held", ""), "2026-03-11": ("waiting", "busy")}
    post.clock.forward(seconds=30)
    worker.run_batch(Event())
    assert post.states() == {"one": ("sent", "in_digest"), "2026-03-11": ("sent", "")}
    assert len(post.mail.sent) == 1


def test_items_of_a_digest_count_as_one_mail_of_the_day(
    post: Post, sessions: Sessions, now: datetime, ada: str
) -> None:
    put(sessions, "replay_ready", ada, "1", "2", "3", "4", now=now)
    post.deliver()
    _morning(post)
    post.deliver()
    with sessions.begin() as session:
        session.query(Recipient).update({"choices": {}})
    put(sessions, "replay_ready", ada, "5", "6", "7", now=post.clock.moment)
    post.deliver()
    states = [post.states()[name][0] for name in "567"]
    assert sorted(states) == ["held", "sent", "sent"]


def test_line_names_what_happened_in_the_words_of_editors(now: datetime) -> None:
    person = Person("r", None, "ada@example.org", "en", "UTC")
    due = Due("n", "staff_application", "o", 1, "mail", {}, None, now, None, person, SITE)
    say = Say({"name": "Dr. Wu"}, link="http://site.test/apply")
    words = {("staff_application", "en"): WordingText("Somebody applied", "", "")}
    assert line_of(due, say, words) == "Somebody applied · Dr. Wu · http://site.test/apply"


def test_item_is_one_line_whatever_its_title_is(now: datetime) -> None:
    """A title with a line break would add an item that nobody posted."""
    person = Person("r", None, "ada@example.org", "en", "UTC")
    due = Due("n", "replay_ready", "x", 1, "mail", {}, None, now, None, person, SITE)
    words = {("replay_ready", "en"): WordingText("The replay is ready", "", "")}
    say = Say({"title": "Sleep\n- Your account ends today"}, link="http://site.test/there")
    assert line_of(due, say, words) == (
        "The replay is ready · Sleep - Your account ends today · http://site.test/there"
    )

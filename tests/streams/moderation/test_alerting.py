"""A question that cannot wait: who learns of it, how soon, and that no mail says what it says."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from accounts.models import User
from accounts.notices.enums import Channel
from accounts.notices.models import Notice, Recipient
from accounts.notices.ports import Due, Person, Say, Site
from scheduler.jobs import TICK
from scheduler.models import Duty
from streams.moderation.enums import Act, Hurry
from streams.moderation.notices import SOURCES
from streams.moderation.rules import (
    LOOKS_EVERY,
    PATIENCE,
    PROMISED,
    UNREAD_BY_CREW,
    UNREAD_FOR,
    hurry,
)
from streams.moderation.services import raise_alerts, take
from streams.readiness.services import note_presence
from tests.fakes.desks import URGENT, Desk
from tests.fakes.programme import DATA_KEY
from web.clock import JOBS
from web.worker.notices import POLL_SECONDS

pytestmark = pytest.mark.integration

SITE = Site("https://mindcast.example", "mindcast@example.org", DATA_KEY)
MINUTE = timedelta(minutes=1)


def told(desk: Desk) -> list[tuple[str, str]]:
    rows = desk.session.execute(
        select(Notice.kind, Recipient.user_id)
        .join(Recipient, Recipient.id == Notice.recipient_id)
        .where(Notice.kind.in_(SOURCES))
        .order_by(Notice.kind, Recipient.user_id)
    )
    return [(row.kind, row.user_id) for row in rows]


def test_a_page_knows_within_ten_seconds_even_when_one_answer_is_lost_and_so_does_a_mail() -> None:
    """What a page waits at most: until it asks, until it gives up, until it asks again."""
    assert LOOKS_EVERY + PATIENCE + LOOKS_EVERY <= PROMISED
    job = next(one for one in JOBS if one.act is raise_alerts)
    assert job.interval == TICK
    assert TICK + timedelta(seconds=POLL_SECONDS) <= PROMISED


@pytest.mark.parametrize(
    ("age", "looked_after", "here", "on_duty", "told_for", "who"),
    [
        (timedelta(), False, False, True, None, Hurry.CREW),
        (timedelta(), False, False, False, None, Hurry.STAFF),
        (timedelta(), False, True, True, None, Hurry.NOBODY),
        (UNREAD_FOR, False, True, True, None, Hurry.CREW),
        (UNREAD_FOR, True, True, True, None, Hurry.NOBODY),
        (MINUTE, False, False, True, MINUTE, Hurry.NOBODY),
        (UNREAD_BY_CREW, False, False, True, UNREAD_BY_CREW, Hurry.STAFF),
    ],
)
def test_who_is_written_to(
    *,
    age: timedelta,
    looked_after: bool,
    here: bool,
    on_duty: bool,
    told_for: timedelta | None,
    who: Hurry,
) -> None:
    found = hurry(
        age=age,
        is_looked_after=looked_after,
        somebody_here=here,
        anybody_on_duty=on_duty,
        told=told_for,
    )
    assert found is who


def test_nobody_at_the_desk_brings_mails_to_those_on_duty_and_then_to_the_staff(
    desk: Desk, now: datetime
) -> None:
    desk.ask("How much sleep is enough?")
    desk.ask(URGENT)
    raise_alerts(desk.session, now)
    raise_alerts(desk.session, now + MINUTE)
    crew = [("duty_question", "mara"), ("duty_question", "noor")]
    assert told(desk) == crew
    raise_alerts(desk.session, now + UNREAD_BY_CREW)
    raise_alerts(desk.session, now + 2 * UNREAD_BY_CREW)
    staff = [("staff_question", "administrator"), ("staff_question", "editor")]
    assert told(desk) == [*crew, *staff]


def test_without_anybody_on_duty_the_staff_is_written_to_at_once_but_not_its_host(
    desk: Desk, now: datetime
) -> None:
    desk.session.execute(delete(Duty))
    desk.livestream.host_id = "host"
    desk.ask(URGENT)
    raise_alerts(desk.session, now)
    assert told(desk) == [("staff_question", "administrator"), ("staff_question", "editor")]


def test_somebody_at_the_desk_is_not_written_to_unless_they_leave_it_unread(
    desk: Desk, now: datetime
) -> None:
    question = desk.ask(URGENT)
    for seconds in (0, 40, 59):
        at = now + timedelta(seconds=seconds)
        note_presence(desk.session, livestream_id=desk.livestream.id, user_id="mara", now=at)
        raise_alerts(desk.session, at)
    assert told(desk) == []
    take(desk.session, question=question, reader_id="mara", now=now + MINUTE)
    raise_alerts(desk.session, now + 2 * MINUTE)
    assert told(desk) == []  # she reads it
    raise_alerts(desk.session, now + 8 * MINUTE)
    assert [kind for kind, _ in told(desk)] == ["duty_question"] * 2  # and went away from it


def test_the_mail_leads_to_the_desk_says_nothing_of_the_question_and_drops_when_decided(
    desk: Desk, now: datetime
) -> None:
    question = desk.ask(URGENT)
    mara = desk.session.get_one(User, "mara")
    person = Person("r", mara.id, mara.email, "zh-Hans", "Asia/Shanghai", shows_titles=True)
    due = Due("n", "duty_question", question.id, 1, Channel.MAIL, {}, None, now, None, person, SITE)
    said = SOURCES["duty_question"](desk.session, due, now)
    assert isinstance(said, Say)
    path = f"/zh{desk.address}?question={question.id}"
    assert said.link == f"https://mindcast.example{path}"
    assert URGENT not in str(said)
    desk.decide(question, Act.HELP, text="Please call somebody.")
    assert not isinstance(SOURCES["duty_question"](desk.session, due, now), Say)


def test_the_page_in_the_studio_hears_of_it_and_hears_nothing_twice(
    client: FlaskClient, desk: Desk
) -> None:
    desk.session.commit()
    with client.session_transaction() as login:
        login["_user_id"] = desk.session.get_one(User, "editor").fs_uniquifier
        login["_fresh"] = True
    quiet = client.get(f"{desk.address}/alert")
    assert (quiet.get_json()["urgent"], quiet.get_json()["waiting"]) == ([], 0)
    question = desk.ask(URGENT)
    desk.session.commit()
    known = {"If-None-Match": quiet.headers["ETag"]}
    rung = client.get(f"{desk.address}/alert", headers=known)
    assert rung.get_json()["urgent"] == [question.id]
    assert question.id in rung.get_json()["desk"]
    again = client.get(f"{desk.address}/alert", headers={"If-None-Match": rung.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

"""Calendars under secret addresses as programs fetch them: what is in, what never is, and 304."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import icalendar
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import Membership, User
from accounts.notices import services as notices
from accounts.notices.enums import Subject
from accounts.notices.models import Recipient, Registration
from catalog.models import Livestream
from scheduler.calendars import services
from scheduler.calendars.rules import secret_of
from scheduler.duties import services as duties
from scheduler.models import CalendarFeed, Offer
from streams.life import services as life
from streams.planning.services import handover
from tests.conftest import NOW
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Found(NamedTuple):
    status: str
    sequence: int
    summary: str


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as made:
        yield made


def recipient(world: World, name: str) -> Recipient:
    user_id = world.actors[name].user_id or ""
    return notices.recipient_of_user(world.session, user_id=user_id, now=NOW)


def address_only(world: World, language: str = "en") -> Recipient:
    return notices.recipient_of_address(
        world.session,
        email="somebody@example.org",
        language=language,
        timezone="Asia/Shanghai",
        data_key=DATA_KEY,
        now=NOW,
    )


def feed(world: World, owner: Recipient) -> str:
    made = services.feed_of(world.session, recipient=owner, now=NOW)
    world.session.commit()
    return f"/calendar/my/{secret_of(DATA_KEY, made.id)}.ics"


def wait(
    world: World, owner: Recipient, one: Livestream, *, confirmed: bool = True
) -> Registration:
    return notices.ask(
        world.session,
        recipient_id=owner.id,
        subject=Subject.LIVESTREAM,
        subject_id=one.id,
        confirmed=confirmed,
        now=NOW,
    )


def entries(client: FlaskClient, address: str) -> dict[str, Found]:
    answer = client.get(address)
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    return {
        str(one["uid"]).removesuffix("@mindcast"): Found(
            str(one["status"]), one.decoded("sequence"), str(one["summary"])
        )
        for one in found
    }


def again(client: FlaskClient, address: str, last: TestResponse) -> int:
    return client.get(address, headers={"If-None-Match": last.headers["ETag"]}).status_code


def standing(sequence: int = 0, summary: str = "Mindcast livestream") -> Found:
    return Found("CONFIRMED", sequence, summary)


def gone(sequence: int, summary: str = "Mindcast livestream") -> Found:
    return Found("CANCELLED", sequence, summary)


def test_a_viewer_without_an_account_has_what_was_confirmed(
    client: FlaskClient, world: World
) -> None:
    somebody = address_only(world)
    one, other = planned(world, 30), planned(world, 60)
    wait(world, somebody, one)
    wait(world, somebody, other, confirmed=False)
    assert entries(client, feed(world, somebody)) == {one.id: standing()}


def test_everything_of_one_person_stands_in_one_calendar(client: FlaskClient, world: World) -> None:
    moderator(world, "mia")
    mine, duty_of = planned(world, 30), planned(world, 60, host="other_host".replace("_", ""))
    waited = planned(world, 90, host="otherhost")
    draft = planned(world, 120, state="draft")
    me = recipient(world, "host")
    wait(world, me, waited)
    wait(world, me, mine)  # hosts and waits for it: one entry
    assert entries(client, feed(world, me)) == {mine.id: standing(), waited.id: standing()}
    duty = on_duty(world, duty_of, "mia")
    assert entries(client, feed(world, recipient(world, "mia"))) == {duty.id: standing()}
    assert draft.id not in entries(client, feed(world, me))


def test_an_entry_says_in_which_part_and_is_private(client: FlaskClient, world: World) -> None:
    moderator(world, "mia")
    one = planned(world, 30)
    duty = on_duty(world, one, "mia")
    wait(world, recipient(world, "viewer"), one)
    seen = {}
    for name in ("host", "mia", "viewer"):
        body = client.get(feed(world, recipient(world, name))).data
        entry = next(iter(icalendar.Calendar.from_ical(body).walk("VEVENT")))
        seen[name] = [
            str(entry[key]) for key in ("uid", "description", "class", "transp", "url")
        ] + [name for name in ("ORGANIZER", "ATTENDEE") if name in entry]
    page = f"http://localhost/livestreams/{one.id}"
    assert seen == {
        "host": [
            f"{one.id}@mindcast",
            f"You are the host. The page of the livestream: {page}",
            "PRIVATE",
            "OPAQUE",
            page,
        ],
        "mia": [
            f"{duty.id}@mindcast",
            f"You are a moderator. The page of the livestream: {page}",
            "PRIVATE",
            "OPAQUE",
            page,
        ],
        "viewer": [
            f"{one.id}@mindcast",
            f"Open the page to watch, without an account: {page}",
            "PRIVATE",
            "TRANSPARENT",
            page,
        ],
    }


@pytest.mark.parametrize(
    ("language", "neutral", "title"),
    [
        ("en", "Mindcast livestream", "When the 3 a.m. thoughts arrive"),
        ("zh-Hans", "Mindcast 直播", "凌晨三点"),
    ],
)
def test_titles_are_told_to_who_asks_in_the_address_or_chose_it(
    client: FlaskClient, world: World, language: str, neutral: str, title: str
) -> None:
    somebody = address_only(world, language)
    one = planned(world, 30)
    wait(world, somebody, one)
    address = feed(world, somebody)
    assert entries(client, address) == {one.id: standing(summary=neutral)}
    assert entries(client, f"{address}?titles=full") == {one.id: standing(summary=title)}
    before = client.get(address)
    somebody.shows_titles = True
    world.session.commit()
    assert again(client, address, before) == 200
    assert entries(client, address) == {one.id: standing(summary=title)}


def test_what_was_called_off_stands_cancelled_for_thirty_days(
    client: FlaskClient, world: World, clock: time_machine.Traveller
) -> None:
    somebody = address_only(world)
    one = planned(world, 24 * 90)
    asked = wait(world, somebody, one)
    address = feed(world, somebody)
    seen = [entries(client, address)[one.id]]
    for act in (notices.end, notices.confirm, notices.end, notices.reopen, notices.end):
        clock.shift(DAY)
        last = client.get(address)
        assert again(client, address, last) == 304
        clock.shift(MINUTE)
        act(world.session, registration_id=asked.id, now=NOW + DAY * len(seen) + MINUTE)
        world.session.commit()
        assert again(client, address, last) == 200
        seen.append(entries(client, address)[one.id])
    assert [found.status for found in seen] == ["CONFIRMED", "CANCELLED"] * 3
    numbers = [found.sequence for found in seen]
    assert numbers == sorted(set(numbers))
    clock.move_to(NOW + 34 * DAY)
    assert one.id in entries(client, address)
    clock.move_to(NOW + 37 * DAY)
    assert entries(client, address) == {}


def test_a_cancelled_livestream_stands_for_thirty_days_after_its_end(
    client: FlaskClient, world: World, clock: time_machine.Traveller
) -> None:
    one = planned(world, 1)
    wait(world, recipient(world, "viewer"), one)
    life.cancel(world.session, livestream=one, now=NOW)
    addresses = [feed(world, recipient(world, name)) for name in ("viewer", "host")]
    for address in addresses:
        assert entries(client, address) == {one.id: gone(1)}
    clock.move_to(NOW + 30 * DAY)
    assert [list(entries(client, address)) for address in addresses] == [[one.id]] * 2
    clock.move_to(NOW + 32 * DAY)
    assert [entries(client, address) for address in addresses] == [{}, {}]


def test_a_duty_that_ended_stands_cancelled(
    client: FlaskClient, world: World, clock: time_machine.Traveller
) -> None:
    moderator(world, "mia")
    one, other = planned(world, 24 * 40), planned(world, 24 * 41)
    released, declined = on_duty(world, one, "mia"), on_duty(world, other, "mia")
    address = feed(world, recipient(world, "mia"))
    assert entries(client, address) == {released.id: standing(), declined.id: standing()}
    duties.release(world.session, duty=released, now=NOW)
    duties.decline(world.session, duty=declined, reason="Ill", now=NOW)
    world.session.commit()
    assert entries(client, address) == {released.id: gone(1), declined.id: gone(1)}
    back = on_duty(world, one, "mia")  # asked again: another duty with an entry of its own
    world.session.commit()
    assert entries(client, address)[back.id] == standing()
    clock.move_to(NOW + 32 * DAY)
    assert entries(client, address) == {back.id: standing()}


def test_a_livestream_that_another_host_takes_leaves_and_comes_back(
    client: FlaskClient, world: World
) -> None:
    (taker,) = add_hosts(world, 1)
    one = scheduled(world, ahead=10 * DAY)
    mine, theirs = feed(world, recipient(world, "host")), feed(world, recipient(world, taker))
    seen = [entries(client, mine)]

    def leave(at: int) -> None:
        moment = NOW + at * MINUTE
        handover.withdraw_host(world.session, livestream_id=one.id, reason="", now=moment)
        world.session.commit()
        seen.append(entries(client, mine))

    leave(1)
    handover.take_back(world.session, livestream_id=one.id, now=NOW + 2 * MINUTE)
    world.session.commit()
    seen.append(entries(client, mine))
    leave(3)
    offer = world.session.scalars(select(Offer).order_by(Offer.asked_at.desc())).first()
    assert offer is not None
    assert entries(client, theirs) == {}
    handover.accept_offer(world.session, offer=offer, data_key=DATA_KEY, now=NOW + 4 * MINUTE)
    world.session.commit()
    seen.append(entries(client, mine))
    statuses = [found[one.id].status for found in seen]
    assert statuses == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED", "CANCELLED"]
    numbers = [found[one.id].sequence for found in seen]
    assert numbers == sorted(set(numbers))
    assert entries(client, theirs)[one.id].status == "CONFIRMED"


def test_a_private_livestream_is_there_only_while_its_reader_may_know_of_it(
    client: FlaskClient, world: World
) -> None:
    one = world.private()
    for name in ("employee_a", "employee_b"):
        wait(world, recipient(world, name), one)
    somebody = address_only(world)
    wait(world, somebody, one)
    inside = feed(world, recipient(world, "employee_a"))
    assert entries(client, inside) == {one.id: standing()}
    assert entries(client, feed(world, recipient(world, "employee_b"))) == {}
    assert entries(client, feed(world, somebody)) == {}
    before = client.get(inside)
    employee = world.actors["employee_a"].user_id
    membership = world.session.scalars(
        select(Membership).where(Membership.user_id == employee)
    ).one()
    membership.ended_at = NOW
    world.session.commit()
    assert again(client, inside, before) == 200
    assert entries(client, inside) == {}


def test_a_moderator_of_a_private_livestream_knows_of_it_while_on_duty(
    client: FlaskClient, world: World
) -> None:
    moderator(world, "mia")
    one = planned(world, 30, visibility="organisation", organisation_id="companya")
    duty = on_duty(world, one, "mia")
    address = feed(world, recipient(world, "mia"))
    assert entries(client, address) == {duty.id: standing()}
    duties.release(world.session, duty=duty, now=NOW)
    world.session.commit()
    assert entries(client, address) == {}


def test_an_unchanged_calendar_is_not_read_again(
    client: FlaskClient, world: World, clock: time_machine.Traveller
) -> None:
    me = recipient(world, "host")
    one = planned(world, 30)
    address = feed(world, me)
    first = client.get(address)
    headers = {name: first.headers[name] for name in ("Content-Type", "Cache-Control")}
    assert headers == {
        "Content-Type": "text/calendar; charset=utf-8; method=PUBLISH",
        "Cache-Control": "private, no-cache",
    }
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in first.headers
    clock.shift(timedelta(hours=5))
    second = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    planned(world, 60, host="otherhost")  # somebody else's
    world.session.commit()
    assert again(client, address, first) == 304
    one.updated_at = NOW + MINUTE
    world.session.commit()
    assert again(client, address, first) == 200
    assert again(client, f"{address}?titles=full", first) == 200


def test_a_secret_that_was_not_made_or_was_revoked_opens_nothing(
    client: FlaskClient, world: World
) -> None:
    me = recipient(world, "host")
    address = feed(world, me)
    feed_id = world.session.scalars(select(CalendarFeed.id)).one()
    renewed = services.renew(world.session, recipient=me, now=NOW)
    world.session.commit()
    other_proof = secret_of(DATA_KEY, renewed.id).partition("-")[2]
    broken = (
        address,
        f"/calendar/my/{feed_id}-{other_proof}.ics",
        f"/calendar/my/{renewed.id}.ics",
        f"/calendar/my/{renewed.id}-.ics",
        f"/calendar/my/{secret_of('another key', renewed.id)}.ics",
        "/calendar/my/é-1.ics",
        "/calendar/my/-.ics",
    )
    assert [client.get(one).status_code for one in broken] == [404] * len(broken)
    assert client.get(f"/calendar/my/{secret_of(DATA_KEY, renewed.id)}.ics").status_code == 200
    assert services.revoke(world.session, recipient=me, now=NOW)
    world.session.commit()
    assert client.get(f"/calendar/my/{secret_of(DATA_KEY, renewed.id)}.ics").status_code == 404


def test_the_calendar_of_a_closed_account_is_gone(client: FlaskClient, world: World) -> None:
    address = feed(world, recipient(world, "host"))
    assert client.get(address).status_code == 200
    world.session.get_one(User, "host").active = False
    world.session.commit()
    assert client.get(address).status_code == 404


def test_somebody_has_one_address_until_it_is_made_anew(world: World) -> None:
    me = recipient(world, "host")
    first = services.feed_of(world.session, recipient=me, now=NOW)
    assert services.feed_of(world.session, recipient=me, now=NOW).id == first.id
    second = services.renew(world.session, recipient=me, now=NOW)
    rows = world.session.execute(
        select(CalendarFeed.id, CalendarFeed.revoked_at).order_by(CalendarFeed.revoked_at.is_(None))
    ).all()
    assert [tuple(row) for row in rows] == [(first.id, NOW), (second.id, None)]


def test_pressing_for_a_new_address_again_and_again_piles_nothing_up(world: World) -> None:
    me = recipient(world, "host")
    for _turn in range(5):
        services.feed_of(world.session, recipient=me, now=NOW)
        services.renew(world.session, recipient=me, now=NOW)
        services.revoke(world.session, recipient=me, now=NOW)
    assert len(world.session.scalars(select(CalendarFeed.id)).all()) == 1


def test_it_is_noted_once_an_hour_that_a_program_reads(
    client: FlaskClient, world: World, clock: time_machine.Traveller
) -> None:
    me = recipient(world, "host")
    address = feed(world, me)
    made = services.feed_of(world.session, recipient=me, now=NOW)
    noted: list[datetime | None] = [made.read_at]
    for pause in (0, 30, 31, 240):
        clock.shift(pause * MINUTE)
        client.get(address)
        world.session.refresh(made)
        noted.append(made.read_at)
    six = NOW.replace(minute=0)
    hours = [six + timedelta(hours=passed) for passed in (0, 0, 1, 5)]
    assert noted == [None, *hours]


def test_a_calendar_costs_the_same_queries_whatever_it_holds(
    client: FlaskClient, world: World
) -> None:
    moderator(world, "mia")
    me = recipient(world, "host")
    counts = []
    for number in (1, 3):
        while len(entries(client, feed(world, me))) < 2 * number:
            hours = 10 * (1 + len(entries(client, feed(world, me))))
            planned(world, hours)
            wait(world, me, planned(world, hours + 2, host="otherhost"))
        client.get(feed(world, me))
        counts.append(statements(world.session, client, feed(world, me)))
    assert counts == [[4, 3], [4, 3]]


def statements(session: Session, client: FlaskClient, address: str) -> list[int]:
    """Return how many reads a whole answer takes, and a 304."""
    found: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith("SELECT"):
            found.append(str(arguments[2]))

    connection = session.connection()
    counts = []
    tag: dict[str, str] = {}
    event.listen(connection, "before_cursor_execute", note)
    for _turn in range(2):
        answer = client.get(address, headers=tag)
        tag = {"If-None-Match": answer.headers["ETag"]}
        counts.append(len(found))
        found.clear()
    event.remove(connection, "before_cursor_execute", note)
    return counts


def test_of_two_readings_in_one_hour_one_is_noted(world: World) -> None:
    made = services.feed_of(world.session, recipient=recipient(world, "host"), now=NOW)
    noted = [
        services.note_read(world.session, feed_id=made.id, now=NOW + passed * MINUTE)
        for passed in (0, 0, 59, 60)
    ]
    assert noted == [True, False, False, True]

"""The editors' queue of proposals, and what a host sees of a proposal that came back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from scheduler.models import Reservation, SentBack
from streams.life import services as life
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

QUEUE = "/administration/proposals"


@pytest.fixture
def world(session: Session, app: Site) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def proposed(world: World, **changes: object) -> Livestream:
    start = world.now + timedelta(days=2)
    times: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
    made = world.livestream(**{**times, **changes})
    life.propose(world.session, livestream=made, now=world.now)
    world.session.commit()
    return made


def test_an_accepted_proposal_is_scheduled(app: Site, world: World) -> None:
    made = proposed(world)
    editor = browser_of(app, world, "editor")
    assert "time is kept for it" in editor.get(QUEUE).text
    answer = send(editor, f"{QUEUE}/{made.id}/accept", QUEUE)
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}?said=accepted")
    world.session.expire_all()
    assert made.state == "scheduled"
    assert world.session.scalars(select(Reservation.state)).all() == ["confirmed"]
    assert "No proposals wait" in editor.get(QUEUE).text


def test_a_proposal_goes_back_and_the_host_reads_why(app: Site, world: World) -> None:
    made = proposed(world)
    editor, host = browser_of(app, world, "editor"), browser_of(app, world, "host")
    answer = send(editor, f"{QUEUE}/{made.id}/return", QUEUE, reason="Please on a weekday.")
    assert answer.status_code == 303
    world.session.expire_all()
    rows = world.session.execute(select(SentBack.livestream_id, SentBack.reason, SentBack.by))
    assert [tuple(row) for row in rows] == [(made.id, "Please on a weekday.", "editor")]
    assert (made.state, world.session.scalars(select(Reservation.state)).all()) == (
        "draft",
        ["released"],
    )
    for page in (f"/livestreams/{made.id}/desk", f"/hosting/{made.id}/edit"):
        assert "Please on a weekday." in host.get(page).text
    send(host, f"/livestreams/{made.id}/desk/propose", f"/livestreams/{made.id}/desk")
    assert "Sent back before: Please on a weekday." in " ".join(editor.get(QUEUE).text.split())
    assert "Please on a weekday." not in host.get(f"/livestreams/{made.id}/desk").text


def test_sending_back_without_a_reason_asks_for_one(app: Site, world: World) -> None:
    made = proposed(world)
    editor = browser_of(app, world, "editor")
    answer = send(editor, f"{QUEUE}/{made.id}/return", QUEUE, reason="  ")
    assert (answer.status_code, f'id="reason-{made.id}-error"' in answer.text) == (422, True)
    world.session.expire_all()
    assert made.state == "proposed"


def test_a_proposal_beyond_the_profession_is_refused_on_the_desk(app: Site, world: World) -> None:
    made = world.livestream(scope="medication")
    world.session.execute(update(Host).values(credential_kind="counsellor"))
    world.session.commit()
    desk = f"/livestreams/{made.id}/desk"
    answer = send(browser_of(app, world, "host"), f"{desk}/propose", desk)
    assert answer.status_code == 403
    assert "This profession does not teach diagnosis or medication." in answer.text
    world.session.expire_all()
    assert made.state == "draft"


def test_queue_says_when_a_licence_is_not_verified(app: Site, world: World) -> None:
    proposed(world)
    world.session.execute(update(Host).values(verified_until=None))
    world.session.commit()
    text = browser_of(app, world, "editor").get(QUEUE).text
    assert "Licence not verified at present" in text
    assert 'type="submit" disabled>Accept' in text


def test_queue_asks_the_database_as_often_for_three_as_for_one(
    app: Site, world: World, session: Session
) -> None:
    counts = []
    editor = browser_of(app, world, "editor")
    for number in range(3):
        start = world.now + timedelta(days=3 + number)
        proposed(world, starts_at=start, ends_at=start + timedelta(hours=1))
        asked: list[str] = []

        def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
            del conn, cursor, rest
            asked.append(statement)  # noqa: B023 -- removed before the next turn

        event.listen(session.get_bind().engine, "before_cursor_execute", note)
        editor.get(QUEUE)
        event.remove(session.get_bind().engine, "before_cursor_execute", note)
        counts.append(len([one for one in asked if one.lstrip().startswith("SELECT")]))
    assert counts[0] == counts[2]

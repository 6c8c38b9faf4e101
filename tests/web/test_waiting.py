"""What waits for a person is counted on the tabs of their pages, and nowhere else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.clock import utc_now
from streams.planning.services import handover
from tests.fakes.duties import moderator, on_duty
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration

COUNT = '<span class="tabs__count"><span class="vh">, waiting: </span>{}</span>'


@pytest.fixture
def world(session: Session) -> World:
    now = utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    made = World(session, now).build()
    add_hosts(made, 2)
    made.now = utc_now()
    return made


def soon(world: World, hours: int = 6) -> timedelta:
    start = datetime.fromtimestamp(utc_now().timestamp() // 300 * 300, utc_now().tzinfo)
    return start + timedelta(hours=hours) - world.now


def searched(world: World) -> None:
    livestream = scheduled(world, ahead=soon(world, 2))
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=utc_now())


def test_host_who_is_asked_reads_it_on_their_own_pages(app: Site, world: World) -> None:
    browser = browser_of(app, world, "stand0")
    quiet = browser.get("/hosting").text
    assert ("tabs__count" in quiet, "You are asked to take" in quiet) == (False, False)
    searched(world)
    world.session.commit()
    for page in ("/hosting", "/hosting/hours", "/hosting/away"):
        told = browser.get(page).text
        assert f"Requests{COUNT.format(1)}" in told
        assert "You are asked to take a livestream over." in told
    assert "tabs__count" not in browser_of(app, world, "host").get("/hosting").text


def test_moderator_reads_how_many_duties_wait(app: Site, world: World) -> None:
    livestream = scheduled(world, ahead=soon(world))
    on_duty(world, livestream, moderator(world, "mina"))
    world.session.commit()
    told = browser_of(app, world, "mina").get("/hosting/hours").text
    assert f"My duties{COUNT.format(1)}" in told


def test_editor_reads_what_waits_on_the_board(app: Site, world: World) -> None:
    scheduled(world, ahead=soon(world)).state = "proposed"
    searched(world)
    world.session.commit()
    told = browser_of(app, world, "editor").get("/administration/rooms").text
    assert f"Proposals{COUNT.format(1)}" in told
    assert f"Substitutes{COUNT.format(1)}" in told


def test_counting_is_one_statement_however_much_waits(app: Site, world: World) -> None:
    seen: list[str] = []

    def noted(_c: object, _k: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    browser = browser_of(app, world, "editor")
    searched(world)
    world.session.commit()
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", noted)
    try:
        browser.get("/administration/rooms")
        browser.get("/help")
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    assert len([one for one in seen if "scheduler_search" in one]) == 1

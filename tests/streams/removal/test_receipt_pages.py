"""The pages of receipts: what is to go, what is gone, what could not be removed."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.clock import utc_now
from core.work.enums import WorkState
from core.work.models import Work
from streams.removal import queries
from streams.removal.enums import Reason
from streams.removal.models import Removal
from streams.removal.services import ask, enqueue_step
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration
FORM = "/hosting/new"  # any page with a form


@pytest.fixture
def world(session: Session) -> World:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    return World(session, now).build()


@pytest.fixture
def host(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "host")


def removal_of(world: World, livestream: Livestream, reason: Reason, days: int = 0) -> Removal:
    due_at = utc_now() + timedelta(days=days)
    made = ask(world.session, livestream, reason=reason, asked_at=world.now, due_at=due_at)
    world.session.commit()
    return made


def test_list_without_receipts_says_so(host: FlaskClient, world: World) -> None:
    world.session.commit()
    assert "Nothing was removed" in host.get("/hosting/removals").text


def test_receipt_names_what_was_removed(host: FlaskClient, world: World) -> None:
    livestream = world.livestream(state="ended", broadcast="ended", recorded=False)
    removal = removal_of(world, livestream, Reason.NOT_RECORDED)
    removal.done_at, removal.objects, removal.size = utc_now(), 240, 12_345_678
    removal.details = {"rows": {"media_segment": 200, "media_run": 1}}
    world.session.commit()
    page = host.get(f"/livestreams/{livestream.id}/removal").text
    for words in ("It was held without being recorded.", "240 objects, 12.3 MB", removal.id):
        assert words in page
    assert re.search(r"Pieces of picture and sound</th><td class=\"n\">200<", page)
    row = host.get("/hosting/removals").text
    assert f'href="/livestreams/{livestream.id}/removal"' in row
    assert '<td data-label="Objects" class="n">240</td>' in row
    chinese = host.get(f"/zh/livestreams/{livestream.id}/removal").text
    assert "本场直播没有录制。" in chinese


def test_what_waits_leads_to_the_consent_that_keeps_it(host: FlaskClient, world: World) -> None:
    livestream = world.livestream(state="ended", broadcast="ended")
    removal_of(world, livestream, Reason.CONSENT_WITHDRAWN, days=3)
    page = host.get(f"/livestreams/{livestream.id}/removal").text
    assert "Hidden, not removed yet" in page
    assert 'href="/hosting/licence#consent"' in page


def test_removal_that_was_given_up_is_tried_again(host: FlaskClient, world: World) -> None:
    livestream = world.livestream(state="ended", broadcast="ended", recorded=False)
    removal = removal_of(world, livestream, Reason.NOT_RECORDED)
    path = f"/livestreams/{livestream.id}/removal"
    assert send(host, f"{path}/retry", FORM).status_code == 409  # it goes on
    enqueue_step(world.session, removal, now=world.now)
    (work,) = world.session.query(Work).all()
    work.state = WorkState.FAILED
    work.reason = "The storage of the recordings cannot be reached just now."
    world.session.commit()
    page = host.get(path).text
    assert "Could not be removed" in page
    assert work.reason in page
    assert send(host, f"{path}/retry", FORM).status_code == 303
    world.session.refresh(work)
    assert work.state == WorkState.QUEUED
    assert "Being removed" in host.get(path).text


def test_receipt_outlives_the_livestream(host: FlaskClient, world: World) -> None:
    livestream = world.livestream(state="ended", broadcast="ended", recorded=False)
    removal = removal_of(world, livestream, Reason.NOT_RECORDED)
    removal.livestream_id = "0" * 16
    removal.done_at = utc_now()
    world.session.commit()
    page = host.get(f"/livestreams/{'0' * 16}/removal")
    assert "A livestream that is no longer here" in page.text


def test_states_and_titles_are_two_queries_however_many_there_are(world: World) -> None:
    for _ in range(2):
        livestream = world.livestream(state="ended", broadcast="ended", recorded=False)
        removal_of(world, livestream, Reason.NOT_RECORDED)
    found = queries.list_removals(world.session, host_id="host")
    assert len(queries.titles_of(world.session, found)) == 2
    assert queries.failed_removals(world.session, found) == {}

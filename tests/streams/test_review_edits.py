"""Edits that could let the wrong person host, or undo what somebody else has just written."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from core.errors import NotAllowed
from scheduler.errors import BeyondScope, NotVerified
from scheduler.programme.queries import reservation_of_livestream
from streams.doors.keys import key_of
from streams.life import services as life
from tests.fakes.handover import scheduled
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import DATA_KEY, World
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def edit(world: World, livestream: Livestream, who: str = "editor", **changes: object) -> None:
    life.edit_livestream(
        world.session,
        actor=world.actors[who],
        livestream=livestream,
        changes=changes,
        now=world.now,
    )


def make(world: World, host: str, **values: object) -> None:
    row = world.session.get_one(Host, host)
    for name, value in values.items():
        setattr(row, name, value)
    world.session.flush()


@pytest.mark.parametrize("until", [None, timedelta()], ids=["withdrawn", "expired"])
def test_nobody_is_made_host_of_what_is_scheduled_without_a_valid_licence(
    world: World, until: timedelta | None
) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    make(world, "otherhost", verified_until=None if until is None else world.now + until)
    with pytest.raises(NotVerified):
        edit(world, livestream, host_id="otherhost")
    world.session.expire_all()
    assert livestream.host_id == "host"


@pytest.mark.parametrize("state", ["proposed", "scheduled"])
def test_host_and_scope_still_fit_each_other_after_an_edit(world: World, state: str) -> None:
    livestream = world.livestream(state=state, scope="medication")
    make(world, "otherhost", credential_kind="counsellor")
    with pytest.raises(BeyondScope):
        edit(world, livestream, host_id="otherhost")
    education = world.livestream(state=state, host_id="otherhost")
    with pytest.raises(BeyondScope):
        edit(world, education, scope="diagnosis")


def test_words_of_what_is_scheduled_change_whatever_the_licence_is(world: World) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    make(world, "host", verified_until=None)
    edit(world, livestream, "host", titles={"en": "Better words"})
    assert livestream.titles == {"en": "Better words"}


def test_a_new_host_gets_another_stream_key(world: World) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    edit(world, livestream, titles={"en": "Better words"})
    key = key_of(world.session, livestream_id=livestream.id, data_key=DATA_KEY)
    assert key is not None
    edit(world, livestream, host_id="otherhost")
    assert key_of(world.session, livestream_id=livestream.id, data_key=DATA_KEY) is None


def test_the_api_makes_the_new_key_at_once(client: FlaskClient, world: World) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    key = key_of(world.session, livestream_id=livestream.id, data_key=DATA_KEY)
    world.session.commit()
    answer = client.patch(
        f"/api/v1/livestreams/{livestream.id}",
        json={"host": "otherhost"},
        headers={"Authorization": f"Bearer {world.tokens['editor']}"},
    )
    assert answer.status_code == 200
    new = answer.get_json()["ingest"]["stream_key"]
    assert new
    assert new != key


def test_the_form_tells_beside_the_host_that_the_licence_is_not_valid(
    app: Site, world: World
) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    make(world, "otherhost", verified_until=None)
    world.session.commit()
    browser = browser_of(app, world, "editor")
    page = f"/hosting/{livestream.id}/edit"
    chosen = {
        "host": "otherhost",
        "topics": ["sleep"],
        "language": "en",
        "visibility": "public",
        "replay_policy": "after_release",
        "description_en": "What helps at night.",
    }
    values = Tags(browser.get(page).text).values() | chosen
    answer = send(browser, page, page, **values)
    assert answer.status_code == 403
    assert 'id="host-error"' in answer.text


def test_an_edit_of_words_leaves_a_time_and_a_host_that_somebody_just_wrote(
    world: World,
) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    later = livestream.starts_at + timedelta(hours=3)
    behind_its_back = (
        update(Livestream)
        .where(Livestream.id == livestream.id)
        .values(host_id="otherhost", starts_at=later, ends_at=later + timedelta(hours=1))
    )
    world.session.execute(behind_its_back, execution_options={"synchronize_session": False})
    edit(world, livestream, titles={"en": "Better words"})
    world.session.expire_all()
    assert (livestream.host_id, livestream.starts_at) == ("otherhost", later)


def test_a_host_changes_nothing_of_somebody_elses(world: World) -> None:
    livestream = scheduled(world, ahead=timedelta(days=1))
    with pytest.raises(NotAllowed):
        edit(world, livestream, "other_host", titles={"en": "Mine now"})
    reservation = reservation_of_livestream(world.session, livestream_id=livestream.id)
    assert reservation is not None

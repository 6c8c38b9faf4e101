"""A talk that is held, or is being shown, is a recording: it goes with its host's consent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.credentials.enums import ConsentKind
from catalog.credentials.services.consents import give_consent, withdraw_consent
from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from media.enums import IngestKind
from media.models import Broadcast, Ingest
from streams.life import services as life
from streams.life.errors import GateShut
from streams.playback.queries import facts_of_livestream
from streams.playback.rules import Standing, may_play
from streams.removal.services import follow, follow_consents
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration
RECORDING = ConsentKind.RECORDING


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    world = World(session, now).build()
    before = now - timedelta(days=9)
    give_consent(session, version=1, now=before, user_id="host", kind=RECORDING)
    return world


def premiere(world: World, state: str = "scheduled") -> Livestream:
    """Return a livestream with a talk that has come in."""
    made = world.livestream(state=state, broadcast="ended", premiere=True, moderators=1)
    ingest = Ingest(broadcast_id=made.broadcast_id, number=0, kind=IngestKind.UPLOAD, epoch=1)
    ingest.started_at = world.now
    world.session.add(ingest)
    world.session.flush()
    return made


def withdraw(world: World) -> None:
    assert withdraw_consent(world.session, now=world.now, user_id="host", kind=RECORDING)
    follow_consents(world.session, host_id="host", now=world.now)
    world.session.expire_all()


def crew_plays(world: World, made: Livestream) -> bool:
    facts = facts_of_livestream(world.session, made.id)
    assert facts is not None
    return may_play(Standing(is_crew=True), facts, world.now)


@pytest.mark.parametrize("state", ["draft", "proposed", "scheduled", "live"])
def test_talk_is_hidden_from_everybody_when_the_consent_is_withdrawn(
    world: World, state: str
) -> None:
    made, other = premiere(world, state), world.livestream(state="scheduled", broadcast="idle")
    revision = world.session.get_one(Broadcast, made.broadcast_id).revision
    assert crew_plays(world, made)
    withdraw(world)
    assert not crew_plays(world, made)
    assert world.session.get_one(Broadcast, made.broadcast_id).revision == revision + 1
    assert (made.withheld_at, other.withheld_at) == (world.now, None)


def test_premiere_does_not_begin_without_its_hosts_consent(world: World) -> None:
    made = premiere(world)
    withdraw(world)
    with pytest.raises(GateShut) as refused:
        life.start(world.session, livestream=made, now=world.now)
    shut = [fault.field for fault in refused.value.errors]
    assert shut == ["recording_consent", "recording"]


def test_talk_is_there_again_when_the_consent_is_given_again(world: World) -> None:
    made = premiere(world)
    withdraw(world)
    later = world.now + timedelta(hours=1)
    give_consent(world.session, version=1, now=later, user_id="host", kind=RECORDING)
    follow(world.session, later)
    world.session.expire_all()
    assert crew_plays(world, made)
    life.start(world.session, livestream=made, now=later)
    assert made.state == "live"


def test_page_of_the_talk_shows_nothing_of_it_to_its_crew_either(
    app: Site, session: Session
) -> None:
    world = World(session, nearest_times(utc_now())[0]).build()
    give_consent(session, version=1, now=world.now, user_id="host", kind=RECORDING)
    made = premiere(world)
    session.get_one(Broadcast, made.broadcast_id).opened_at = world.now
    session.commit()
    page = f"/livestreams/{made.id}/premiere"
    crew = {who: browser_of(app, world, who) for who in ("host", "editor")}
    assert [one.get(page).status_code for one in crew.values()] == [200, 200]
    withdraw(world)
    session.commit()
    assert [one.get(page).status_code for one in crew.values()] == [404, 404]

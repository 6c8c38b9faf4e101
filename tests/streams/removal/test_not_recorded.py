"""The choice that a livestream is not recorded: who makes it, until when, and what follows."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy, Visibility
from core.clock import utc_now
from media.enums import BroadcastState as B
from streams.life import services as life
from streams.life.errors import NotRecorded
from streams.life.rules import Event, next_move
from streams.playback.rules import END_GRACE, Facts, Standing, may_play
from tests.conftest import NOW
from tests.fakes.programme import World

CREW, VIEWER = Standing(is_crew=True), Standing()


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()


@pytest.mark.unit
def test_end_of_what_is_not_kept_is_no_replay_whatever_the_policy() -> None:
    for policy in ReplayPolicy:
        move = next_move(Event.END, (L.LIVE, B.RECEIVING), policy, kept=False)
        assert move is not None
        assert move.new == (L.ENDED, B.RECEIVING)
        assert next_move(Event.PUBLISH, (L.ENDED, B.ENDED), policy, kept=False) is None


@pytest.mark.unit
@pytest.mark.parametrize("state", [L.ENDED, L.PUBLISHED, L.CANCELLED, L.MISSED])
def test_nobody_plays_what_was_not_recorded_when_it_is_over(state: L) -> None:
    facts = Facts("l", "b", state, Visibility.PUBLIC, None, "host", NOW, recorded=False)
    over = NOW + END_GRACE
    assert [may_play(one, facts, over) for one in (CREW, VIEWER)] == [False, False]
    assert facts.is_brief


@pytest.mark.unit
def test_players_read_the_last_seconds_of_what_was_not_recorded() -> None:
    facts = Facts("l", "b", L.ENDED, Visibility.PUBLIC, None, "host", NOW, recorded=False)
    assert may_play(VIEWER, facts, NOW + END_GRACE - timedelta(seconds=1))


@pytest.mark.unit
def test_crew_sees_the_rehearsal_of_what_is_not_recorded() -> None:
    facts = Facts("l", "b", L.SCHEDULED, Visibility.PUBLIC, None, "host", None, recorded=False)
    assert [may_play(one, facts, NOW) for one in (CREW, VIEWER)] == [True, False]


@pytest.mark.integration
@pytest.mark.parametrize(("state", "status"), [("draft", 200), ("scheduled", 200), ("live", 409)])
def test_host_chooses_until_it_is_live(
    world: World, client: FlaskClient, state: str, status: int
) -> None:
    made = world.livestream(state=state)
    world.session.commit()
    token = {"Authorization": f"Bearer {world.tokens['host']}"}
    path = f"/api/v1/livestreams/{made.id}"
    assert client.get(path, headers=token).get_json()["recorded"] is True
    answer = client.patch(path, json={"recorded": False}, headers=token)
    assert answer.status_code == status
    assert client.get(path, headers=token).get_json()["recorded"] is (status != 200)


@pytest.mark.integration
def test_release_is_refused_with_its_reason(world: World, client: FlaskClient) -> None:
    made = world.livestream(state="ended", broadcast="ended", recorded=False)
    with pytest.raises(NotRecorded):
        life.publish(world.session, livestream=made, now=world.now)
    world.session.commit()
    token = {"Authorization": f"Bearer {world.tokens['host']}"}
    refused = client.post(f"/api/v1/livestreams/{made.id}/publish", headers=token)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_recorded")
    assert "It was not recorded" in client.get(f"/livestreams/{made.id}").text

"""Consent to recording, withdrawn and given again: what is hidden, what goes, what comes back."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Notice
from catalog.credentials.enums import ConsentKind
from catalog.credentials.services.consents import give_consent, withdraw_consent
from catalog.models import Livestream
from core.clock import utc_now
from core.work.models import Work
from media.enums import IngestKind
from media.models import Broadcast, Ingest
from streams.life import services as life
from streams.life.errors import Withheld
from streams.playback.queries import facts_of_livestream
from streams.playback.rules import Standing, may_play
from streams.removal.models import Removal
from streams.removal.rules import AFTER_END
from streams.removal.services import ask_if_not_recorded, follow, follow_consents
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)
RECORDING = ConsentKind.RECORDING


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    world = World(session, now).build()
    give_consent(session, version=1, now=now - 90 * DAY, user_id="host", kind=RECORDING)
    return world


def recording(world: World, state: str = "published", host: str = "host") -> Livestream:
    """Return a livestream that is over and has media."""
    made = world.livestream(state=state, broadcast="ended", host_id=host)
    made.started_at = made.ended_at = made.published_at = world.now - DAY
    ingest = Ingest(
        broadcast_id=made.broadcast_id,
        number=0,
        kind=IngestKind.RTMP,
        epoch=1,
        started_at=world.now,
    )
    world.session.add(ingest)
    world.session.flush()
    return made


def withdraw(world: World, now: datetime | None = None) -> None:
    at = now or world.now
    assert withdraw_consent(world.session, now=at, user_id="host", kind=RECORDING)
    follow_consents(world.session, host_id="host", now=at)


def removals(world: World) -> list[Removal]:
    return list(world.session.scalars(select(Removal).order_by(Removal.id)))


def plays(world: World, livestream: Livestream, now: datetime) -> list[bool]:
    """Return who may play it: everybody, a member, its host and the staff."""
    facts = facts_of_livestream(world.session, livestream.id)
    assert facts is not None
    people = (Standing(), Standing(is_member=True), Standing(is_crew=True))
    return [may_play(one, facts, now) for one in people]


def test_recording_is_hidden_at_once_and_removed_in_thirty_days(world: World) -> None:
    made = recording(world)
    before = world.session.get_one(Broadcast, made.broadcast_id).revision
    assert plays(world, made, world.now) == [True, True, True]
    withdraw(world)
    world.session.refresh(made)
    assert (made.state, made.withheld_at) == ("ended", world.now)
    assert plays(world, made, world.now) == [False, False, False]
    assert world.session.get_one(Broadcast, made.broadcast_id).revision > before
    (removal,) = removals(world)
    assert (removal.reason, removal.host_id) == ("consent_withdrawn", "host")
    assert (removal.asked_at, removal.due_at) == (world.now, world.now + 30 * DAY)
    kinds = select(Notice.kind).where(Notice.occurrence == removal.id)
    assert world.session.scalars(kinds).all() == ["recording_withheld"]


def test_recording_that_waits_for_release_is_hidden_too(world: World) -> None:
    made = recording(world, "ended")
    withdraw(world)
    assert made.withheld_at == world.now
    assert plays(world, made, world.now) == [False, False, False]
    with pytest.raises(Withheld):
        life.publish(world.session, livestream=made, now=world.now)


def test_recordings_of_others_stay(world: World) -> None:
    other = recording(world, host="otherhost")
    withdraw(world)
    follow(world.session, world.now)
    world.session.refresh(other)
    assert (other.state, other.withheld_at, removals(world)) == ("published", None, [])


def test_policy_at_the_end_does_not_publish_it_again(world: World) -> None:
    made = recording(world)
    made.replay_policy = "at_end"
    withdraw(world)
    world.session.refresh(made)
    assert made.state == "ended"


@pytest.mark.parametrize("state", ["draft", "proposed", "scheduled", "live"])
def test_what_is_still_to_be_shown_is_no_longer_recorded(world: World, state: str) -> None:
    made = world.livestream(state=state)
    withdraw(world)
    world.session.refresh(made)
    assert (made.recorded, made.withheld_at, made.state) == (False, None, state)
    later = world.livestream()
    follow(world.session, world.now)
    world.session.refresh(later)
    assert not later.recorded


def test_what_ended_unrecorded_goes_at_once_though_the_consent_was_withdrawn(world: World) -> None:
    """A premiere, or a show whose node is gone: nobody but the clock asks for its removal."""
    made = recording(world, "live")
    withdraw(world)
    world.session.refresh(made)
    made.state = "ended"
    world.session.flush()
    follow(world.session, world.now)
    (removal,) = removals(world)
    assert (removal.reason, removal.due_at) == ("not_recorded", world.now + AFTER_END)
    give_consent(world.session, version=1, now=world.now, user_id="host", kind=RECORDING)
    follow(world.session, world.now)
    assert [one.called_off_at for one in removals(world)] == [None]


def test_what_is_not_recorded_does_not_wait_for_a_removal_in_thirty_days(world: World) -> None:
    made = recording(world, "ended")
    withdraw(world)
    made.recorded = False
    world.session.flush()
    assert ask_if_not_recorded(world.session, livestream_id=made.id, now=world.now)
    (removal,) = removals(world)
    assert (removal.reason, removal.due_at) == ("not_recorded", world.now + AFTER_END)
    (step,) = world.session.scalars(select(Work))
    assert step.due_at == removal.due_at


def test_consent_that_is_given_again_keeps_the_recording(world: World) -> None:
    made = recording(world)
    withdraw(world)
    again = world.now + 29 * DAY
    give_consent(world.session, version=1, now=again, user_id="host", kind=RECORDING)
    follow_consents(world.session, host_id="host", now=again)
    world.session.refresh(made)
    (removal,) = removals(world)
    assert (removal.called_off_at, removal.done_at) == (again, None)
    assert (made.state, made.withheld_at) == ("ended", None)
    assert plays(world, made, again) == [False, False, True]
    life.publish(world.session, livestream=made, now=again)
    assert made.state == "published"
    follow(world.session, world.now + 31 * DAY)
    assert world.session.scalars(select(Work)).all() == []


def test_consent_that_is_given_when_the_time_is_over_keeps_nothing(world: World) -> None:
    made = recording(world)
    withdraw(world)
    late = world.now + 30 * DAY
    give_consent(world.session, version=1, now=late, user_id="host", kind=RECORDING)
    follow(world.session, late)
    world.session.refresh(made)
    assert removals(world)[0].called_off_at is None
    assert made.withheld_at == world.now
    (work,) = world.session.scalars(select(Work)).all()
    assert (work.kind, work.subject) == ("remove_recording", made.broadcast_id)


def test_consent_that_is_withdrawn_twice_is_two_removals(world: World) -> None:
    recording(world)
    withdraw(world)
    give_consent(world.session, version=1, now=world.now + DAY, user_id="host", kind=RECORDING)
    follow(world.session, world.now + DAY)
    withdraw(world, world.now + 2 * DAY)
    follow(world.session, world.now + 3 * DAY)
    first, second = sorted(removals(world), key=lambda one: one.asked_at)
    assert (first.called_off_at, second.called_off_at) == (world.now + DAY, None)
    assert second.due_at == world.now + 32 * DAY


def test_clock_asks_for_what_is_due_once(world: World) -> None:
    recording(world)
    withdraw(world)
    follow(world.session, world.now + 29 * DAY)
    assert world.session.scalars(select(Work)).all() == []
    for _ in range(2):
        follow(world.session, world.now + 30 * DAY)
    assert [work.kind for work in world.session.scalars(select(Work))] == ["remove_recording"]


def test_page_of_the_licence_hides_recordings_within_the_request(
    world: World, app: Site, client: FlaskClient, now: datetime
) -> None:
    made = recording(world)
    world.session.commit()
    token = {"Authorization": f"Bearer {world.tokens['host']}"}
    shown = client.get(f"/api/v1/livestreams/{made.id}").get_json()
    assert shown["playback_url"] is not None
    with app.test_request_context():
        follow_consents(world.session, now=now)
    assert client.get(f"/api/v1/livestreams/{made.id}", headers=token).get_json()["playback_url"]
    withdraw_consent(world.session, now=now, user_id="host", kind=RECORDING)
    app.extensions["mindcast.follow_consent"](world.session, host_id="host", now=now)
    world.session.commit()
    for headers in ({}, token):
        after = client.get(f"/api/v1/livestreams/{made.id}", headers=headers).get_json()
        assert (after["playback_url"], after["state"]) == (None, "ended")
    page = client.get(f"/livestreams/{made.id}").text
    assert "Its host has withdrawn the recording." in page
    for path in ("/replays", "/feeds/topics/sleep.xml", "/api/v1/livestreams?state=published"):
        assert made.id not in client.get(path).text


def test_receipts_are_listed_for_their_host_alone(world: World, client: FlaskClient) -> None:
    made = recording(world)
    withdraw(world, utc_now())
    world.session.commit()

    def asked(name: str) -> list[dict[str, object]]:
        token = {"Authorization": f"Bearer {world.tokens[name]}"}
        items: list[dict[str, object]] = client.get("/api/v1/removals", headers=token).get_json()[
            "items"
        ]
        return items

    (item,) = asked("host")
    assert item["livestream"] == made.id
    assert (item["state"], item["reason"]) == ("waiting", "consent_withdrawn")
    assert asked("editor") == [item]
    assert asked("other_host") == []

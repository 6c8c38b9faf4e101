"""Checks, readings and presence on both databases: what is kept, who sees it, who is counted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.credentials.enums import ConsentKind
from catalog.credentials.services.consents import give_consent, withdraw_consent
from core.errors import InvalidInput, NotAllowed, NotFound
from media.enums import IngestKind
from media.models import Ingest
from scheduler.enums import DutyState
from streams.readiness import access, services
from streams.readiness.errors import NotTheHost, ScriptChanged
from streams.readiness.models import DeviceCheck, Presence, ScriptReading
from streams.readiness.queries import Part, facts_of, readiness_of
from streams.readiness.rules import DeviceReport, missing
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.gates import MISSING, take_away
from tests.fakes.programme import World
from web.clock import JOBS

pytestmark = pytest.mark.integration

GOOD = DeviceReport(picture=True, sound=True, width=1280, height=720, loudest=0.4)
SHAPE = {"video": "h264", "audio": "aac", "width": 1920, "height": 1080}
Count = Callable[[Callable[[], object]], int]


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def test_latest_check_replaces_the_former(world: World) -> None:
    session, later = world.session, world.now + timedelta(hours=1)
    services.check_devices(session, user_id="viewer", report=GOOD, now=world.now)
    services.check_devices(session, user_id="viewer", report=GOOD, now=later)
    kept = session.get_one(DeviceCheck, "viewer", populate_existing=True)
    assert (kept.checked_at, kept.details["source"], kept.details["width"]) == (
        *(later, "browser", 1280),
    )
    deaf = DeviceReport(picture=True, sound=False)
    with pytest.raises(InvalidInput):
        services.check_devices(session, user_id="viewer", report=deaf, now=later)


@pytest.mark.parametrize(
    ("kind", "source"), [(IngestKind.RTMP, "encoder"), (IngestKind.CHUNKS, "browser")]
)
def test_rehearsal_counts_as_a_check(world: World, kind: IngestKind, source: str) -> None:
    made = world.livestream(state="scheduled")
    for shape in ({**SHAPE, "audio": ""}, SHAPE):
        services.note_feed(
            world.session, broadcast_id=made.broadcast_id, kind=kind, shape=shape, now=world.now
        )
        kept = world.session.get_one(DeviceCheck, "host", populate_existing=True)
        assert (kept.checked_at == world.now) is bool(shape["audio"])
    kept = world.session.get_one(DeviceCheck, "host")
    assert (kept.details["source"], kept.details["height"]) == (source, 1080)


def test_what_is_sent_now_counts_while_it_is_sent(world: World) -> None:
    made = world.livestream(state="scheduled", broadcast="receiving", moderators=1)
    take_away(world, made, "check")
    sent = Ingest(
        broadcast_id=made.broadcast_id, number=0, kind=IngestKind.RTMP, epoch=1, shape=SHAPE
    )
    sent.started_at = world.now
    world.session.add(sent)
    world.session.flush()
    assert facts_of(world.session, livestream_id=made.id).is_sending
    sent.closed_at = world.now
    world.session.flush()
    assert not facts_of(world.session, livestream_id=made.id).is_sending


def test_script_is_read_in_the_present_version_only(world: World) -> None:
    session = world.session
    with pytest.raises(ScriptChanged):
        services.read_script(session, user_id="viewer", version=2, now=world.now)
    for hours in (0, 1):
        read_at = world.now + timedelta(hours=hours)
        services.read_script(session, user_id="viewer", version=1, now=read_at)
        kept = session.get_one(ScriptReading, ("viewer", 1), populate_existing=True)
        assert kept.read_at == read_at


def test_consent_that_was_given_again_counts(world: World) -> None:
    made = world.livestream(state="scheduled", moderators=1)
    session, kind = world.session, ConsentKind.RECORDING
    found = []
    for days, gives in enumerate((True, False, True)):
        at = world.now + timedelta(days=days)
        if gives:
            give_consent(session, user_id="host", kind=kind, version=1, now=at)
        else:
            withdraw_consent(session, user_id="host", kind=kind, now=at)
        session.flush()
        found.append(facts_of(session, livestream_id=made.id).consent_withdrawn)
    assert found == [False, True, False]


def test_presence_is_since_when_somebody_has_been_here(world: World) -> None:
    made = world.livestream(state="scheduled")
    times = [0, 30, 80, 141]  # seconds; after a minute of silence they come anew
    came = []
    for seconds in times:
        at = world.now + timedelta(seconds=seconds)
        services.note_presence(world.session, livestream_id=made.id, user_id="host", now=at)
        here = world.session.get_one(Presence, (made.id, "host"), populate_existing=True)
        assert here.seen_at == at
        came.append((here.came_at - world.now).total_seconds())
    assert came == [0, 0, 0, 141]


def test_crew_is_the_host_the_moderators_and_who_else_is_here(world: World) -> None:
    made = planned(world)
    on_duty(world, made, moderator(world, "mara"))
    declined = on_duty(world, made, moderator(world, "nils"))
    declined.state = DutyState.DECLINED
    for who in ("mara", "editor", "viewer"):
        services.note_presence(world.session, livestream_id=made.id, user_id=who, now=world.now)
    gone = world.now - timedelta(seconds=60)
    world.session.get_one(Presence, (made.id, "viewer")).seen_at = gone
    world.session.flush()
    found = readiness_of(world.session, livestream_id=made.id, now=world.now)
    assert [(one.id, one.part, one.is_here) for one in found.crew] == [
        ("host", Part.HOST, False),
        ("mara", Part.MODERATOR, True),
        ("editor", Part.STAFF, True),
    ]
    assert found.crew[0].names["en"] == "Dr. host"
    assert found.is_open


@pytest.mark.parametrize("name", MISSING)
def test_readiness_names_what_the_start_refuses(world: World, name: str) -> None:
    made = world.livestream(state="scheduled", moderators=1)
    code, _reason = take_away(world, made, name)
    found = readiness_of(world.session, livestream_id=made.id, now=world.now)
    assert [item.code for item in missing(found.gate)] == [code]
    assert not found.is_open


def test_crew_may_see_and_only_the_host_may_check(world: World) -> None:
    made = world.private()
    on_duty(world, made, moderator(world, "mara"))
    moderator(world, "nils")
    session, now = world.session, world.now
    for who in ("host", "mara", "editor"):
        actor = world.actors[who]
        seen = access.readiness_for(session, livestream_id=made.id, actor=actor, now=now)
        assert seen.livestream_id == made.id
    for who, refusal in (("nils", NotFound), ("other_host", NotFound), ("employee_a", NotAllowed)):
        actor = world.actors[who]
        with pytest.raises(refusal):
            access.readiness_for(session, livestream_id=made.id, actor=actor, now=now)
    for who in ("mara", "editor"):
        actor = world.actors[who]
        with pytest.raises(NotTheHost):
            access.check_devices(session, livestream_id=made.id, actor=actor, report=GOOD, now=now)
        with pytest.raises(NotTheHost):
            access.read_script(session, livestream_id=made.id, actor=actor, version=1, now=now)


def test_who_was_in_a_green_room_is_forgotten_after_a_month(world: World) -> None:
    made, other = world.livestream(state="published"), world.livestream(state="scheduled")
    old = world.now - services.PRESENCE_KEPT - timedelta(seconds=1)
    for livestream, at in ((made, old), (other, old + timedelta(seconds=2))):
        services.note_presence(world.session, livestream_id=livestream.id, user_id="host", now=at)
    services.forget_old_presence(world.session, world.now)
    world.session.expire_all()
    kept = world.session.scalars(select(Presence.livestream_id)).all()
    assert kept == [other.id]
    assert services.forget_old_presence in [job.act for job in JOBS]

"""A small world for the access table: fifteen people, two companies, livestreams of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.services import create_organisation, create_user, issue_token
from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream, LivestreamTopic, Topic
from core.work.enums import WorkState
from core.work.models import Work
from media.enums import BroadcastState as B
from media.enums import TrackKind, TrackSource
from media.tracks import keep_track
from scheduler.models import Duty, Slot, SlotTopic
from streams.doors.keys import make_key
from streams.readiness.models import DeviceCheck, ScriptReading
from streams.readiness.rules import script
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

PEOPLE: Mapping[str, tuple[Role, str | None]] = {
    "viewer": (Role.VIEWER, None),
    "employee_a": (Role.EMPLOYEE, "a"),
    "employee_b": (Role.EMPLOYEE, "b"),
    "hr_a": (Role.HR, "a"),
    "hr_b": (Role.HR, "b"),
    "unverified_host": (Role.HOST, None),
    "host": (Role.HOST, None),
    "other_host": (Role.HOST, None),
    "moderator": (Role.MODERATOR, None),
    "captioner": (Role.CAPTIONER, None),
    "org_admin_a": (Role.ORG_ADMIN, "a"),
    "representative_a": (Role.REPRESENTATIVE, "a"),
    "editor": (Role.EDITOR, None),
    "administrator": (Role.ADMINISTRATOR, None),
}
ROLES = ("stranger", *PEOPLE)
OPEN_SLOT = "openslot"


@dataclass(frozen=True)
class Kind:
    """What sets one livestream of the seed apart."""

    host: str
    state: L
    company: str | None = None
    broadcast: B = B.IDLE


LIVESTREAMS: Mapping[str, Kind] = {
    "public": Kind("host", L.SCHEDULED),
    "of_a": Kind("host", L.SCHEDULED, "a"),
    "of_b": Kind("other_host", L.SCHEDULED, "b"),
    "draft": Kind("host", L.DRAFT),
    "unverified": Kind("unverified_host", L.SCHEDULED),
    "moderated": Kind("host", L.SCHEDULED, "a"),
    "live": Kind("host", L.LIVE, None, B.RECEIVING),
    "live_of_a": Kind("host", L.LIVE, "a", B.RECEIVING),
    "live_of_b": Kind("other_host", L.LIVE, "b", B.RECEIVING),
    "ended": Kind("host", L.ENDED, None, B.ENDED),
}


@dataclass(frozen=True)
class World:
    """The people of the seed with their tokens, and the livestreams, by name."""

    people: Mapping[str, User]
    tokens: Mapping[str, str]
    livestreams: Mapping[str, Livestream]


def make_world(session: Session, *, data_key: str, now: datetime) -> World:
    """Write the seed."""
    companies = {
        slug: create_organisation(session, slug=slug, names={"en": slug}, kind="company", now=now)
        for slug in "ab"
    }
    people = {
        name: create_user(
            session,
            email=f"{name}@access.example",
            password="long enough for all",
            roles=[role],
            now=now,
            organisation_id=companies[company].id if company else None,
        )
        for name, (role, company) in PEOPLE.items()
    }
    tokens = {
        name: issue_token(session, user=user, name="test", now=now) for name, user in people.items()
    }
    session.add(Topic(slug="sleep", names={"en": "Sleep"}))
    for name in ("host", "other_host", "unverified_host"):
        verified = None if name == "unverified_host" else now + timedelta(days=10_000)
        session.add(Host(id=people[name].id, names={"en": name}, verified_until=verified))
        _let_be_ready(session, people[name].id, now)
    session.flush()
    livestreams = {
        name: _add_livestream(
            session, kind, people, companies[kind.company].id if kind.company else None, now
        )
        for name, kind in LIVESTREAMS.items()
    }
    _add_duty(session, livestreams["moderated"], people["moderator"].id, now)
    stand_in = create_user(
        session,
        email="stand-in@access.example",
        password="long enough for all",
        roles=[Role.MODERATOR],
        now=now,
    )
    for name in ("public", "unverified"):
        _add_duty(session, livestreams[name], stand_in.id, now)
    _add_captions(session, livestreams["ended"], now)
    for livestream in livestreams.values():
        _add_failed_step(session, livestream, now)
        make_key(session, livestream_id=livestream.id, data_key=data_key, now=now)
    _add_open_slot(session, now)
    session.flush()
    return World(people, tokens, livestreams)


def _let_be_ready(session: Session, user_id: str, now: datetime) -> None:
    """Let a host have checked their devices and read the script, by the real clock, too."""
    ahead = now + timedelta(days=10_000)
    session.add(DeviceCheck(user_id=user_id, checked_at=ahead))
    session.add(ScriptReading(user_id=user_id, version=script().version, read_at=ahead))


def _add_duty(session: Session, livestream: Livestream, moderator_id: str, now: datetime) -> None:
    duty = Duty(livestream_id=livestream.id, moderator_id=moderator_id)
    duty.created_at = duty.updated_at = now
    session.add(duty)


def _add_open_slot(session: Session, now: datetime) -> None:
    """Offer a time that is far away whatever the clock of this machine says."""
    starts_at = datetime(2099, 1, 7, 18, 0, tzinfo=UTC)
    session.add(
        Slot(
            id=OPEN_SLOT,
            titles={"en": "Sleep"},
            language="en",
            scope="education",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            timezone="UTC",
            local_start="2099-01-07T18:00:00",
            state="open",
            created_at=now,
            updated_at=now,
        )
    )
    session.flush()
    session.add(SlotTopic(slot_id=OPEN_SLOT, topic_slug="sleep"))


def _add_captions(session: Session, livestream: Livestream, now: datetime) -> None:
    """Add words of a recording that could leak before its release."""
    keep_track(
        session,
        MemoryStorage(),
        broadcast_id=livestream.broadcast_id,
        kind=TrackKind.CAPTIONS,
        language="en",
        source=TrackSource.HUMAN,
        cues=[(0, 1000, "Good evening.")],
        now=now,
    )


def _add_failed_step(session: Session, livestream: Livestream, now: datetime) -> None:
    """Add a step that can be tried again; it has the id of its livestream, to find it by."""
    session.add(
        Work(
            id=livestream.id,
            kind="sound",
            subject=livestream.broadcast_id,
            state=WorkState.FAILED,
            due_at=now,
            created_at=now,
        )
    )


def _add_livestream(
    session: Session,
    kind: Kind,
    people: Mapping[str, User],
    organisation_id: str | None,
    now: datetime,
) -> Livestream:
    began = kind.state in {L.LIVE, L.ENDED}
    show = Show(session, now, "source")
    if began:
        show.begin_run(0)
        show.add()  # something that could leak
    show.broadcast.state = kind.broadcast
    show.broadcast.opened_at = now if began else None
    livestream = Livestream(
        titles={"en": "Sleep"},
        language="en",
        host_id=people[kind.host].id,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        timezone="UTC",
        local_start=now.strftime("%Y-%m-%dT%H:%M:%S"),
        state=kind.state,
        visibility="organisation" if organisation_id else "public",
        organisation_id=organisation_id,
        broadcast_id=show.id,
        started_at=now if began else None,
        created_at=now,
        updated_at=now,
    )
    session.add(livestream)
    session.flush()
    session.add(LivestreamTopic(livestream_id=livestream.id, topic_slug="sleep"))
    return livestream

"""A public and a private broadcast with bytes that could leak, and people of all kinds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.access import actor_for
from accounts.enums import ORGANISATION_ROLES, Role
from accounts.models import Organisation, User
from accounts.rules import Actor
from accounts.services import give_roles, issue_token
from catalog.enums import LivestreamState, ReplayPolicy, Visibility
from catalog.models import Host, Livestream
from core.settings import Settings
from media.models import Asset, InitSegment, Segment
from media.paths import asset_key, spool_path
from media.ports import ObjectStream
from streams.playback.services import check_gate, grant_playback
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web.objects import Objects
from web.site import Site

PEOPLE = {
    "viewer": (Role.VIEWER, None),
    "employee": (Role.EMPLOYEE, "ours"),
    "hr": (Role.HR, "ours"),
    "org_admin": (Role.ORG_ADMIN, "ours"),
    "representative": (Role.REPRESENTATIVE, "ours"),
    "other employee": (Role.EMPLOYEE, "theirs"),
    "other hr": (Role.HR, "theirs"),
    "host": (Role.HOST, None),
    "other host": (Role.HOST, None),
    "moderator": (Role.MODERATOR, None),
    "editor": (Role.EDITOR, None),
    "administrator": (Role.ADMINISTRATOR, None),
}


@dataclass
class World:
    """Rows by the names that tests give them."""

    session: Session
    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def populate(self) -> None:
        for slug in ("ours", "theirs"):
            self.organisations[slug] = Organisation(
                slug=slug, names={"en": slug}, kind="company", created_at=self.now
            )
        self.session.add_all(self.organisations.values())
        self.session.flush()
        for name, (role, member_of) in PEOPLE.items():
            self.add_user(name, role, member_of)
        self.session.add(Host(id=self.users["host"].id, names={"en": "Host"}))
        self.session.flush()

    def add_user(self, name: str, role: Role, slug: str | None) -> None:
        user = User(email=f"{name.replace(' ', '.')}@example.org", created_at=self.now)
        self.session.add(user)
        self.session.flush()
        member_of = self.organisations[slug].id if slug and role in ORGANISATION_ROLES else None
        give_roles(self.session, user=user, roles=[role], now=self.now, organisation_id=member_of)
        self.users[name] = user

    def actor(self, name: str) -> Actor:
        return actor_for(self.session, self.users[name].id)

    def token(self, name: str) -> str:
        return issue_token(self.session, user=self.users[name], name="test", now=self.now)

    def grant(
        self,
        livestream: Livestream,
        *,
        device: str,
        who: str = "employee",
        after: timedelta = timedelta(),
    ) -> str:
        return grant_playback(
            self.session,
            actor=self.actor(who),
            broadcast_id=livestream.broadcast_id,
            device=device,
            now=self.now + after,
        )

    def passes(
        self,
        livestream: Livestream,
        now: datetime,
        grant_token: str | None = None,
        bearer_token: str | None = None,
    ) -> bool:
        return check_gate(
            self.session,
            broadcast_id=livestream.broadcast_id,
            grant_token=grant_token,
            bearer_token=bearer_token,
            now=now,
        )

    def livestream(
        self,
        state: LivestreamState = LivestreamState.LIVE,
        visibility: Visibility = Visibility.ORGANISATION,
        policy: ReplayPolicy = ReplayPolicy.AFTER_RELEASE,
    ) -> Livestream:
        show = Show(self.session, self.now, "source", "sound")
        show.begin_run(0)
        for _ in range(3):
            show.add("source", "sound")
        private = visibility is Visibility.ORGANISATION
        made = Livestream(
            titles={"en": "PRIVATE title"},
            language="en",
            host_id=self.users["host"].id,
            starts_at=self.now,
            ends_at=self.now + timedelta(hours=1),
            timezone="UTC",
            local_start="2026-03-10T18:00:00",
            state=state,
            visibility=visibility,
            organisation_id=self.organisations["ours"].id if private else None,
            replay_policy=policy,
            broadcast_id=show.id,
            created_at=self.now,
            updated_at=self.now,
        )
        self.session.add(made)
        self.session.flush()
        return made


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now)
    made.populate()
    return made


@pytest.fixture
def private(world: World) -> Livestream:
    return world.livestream()


@pytest.fixture
def public(world: World) -> Livestream:
    return world.livestream(visibility=Visibility.PUBLIC)


@pytest.fixture
def granted(world: World, private: Livestream) -> str:
    return world.grant(private, device="laptop")


def shown(answer: TestResponse) -> tuple[int, bytes, str | None]:
    return answer.status_code, answer.data, answer.headers.get("Cache-Control")


@pytest.fixture
def present(now: datetime) -> Iterator[time_machine.Traveller]:
    """Let the application's clock stand at ``now``."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


class WatchedStorage(MemoryStorage):
    """The shared fake, which also counts what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = 0
        self.closed = 0

    @contextmanager
    def open_stream(
        self, key: str, *, first: int = 0, last: int | None = None
    ) -> Iterator[ObjectStream]:
        with super().open_stream(key, first=first, last=last) as stream:
            self.opened += 1
            try:
                yield stream
            finally:
                self.closed += 1


@pytest.fixture
def storage(app: Site, settings: Settings) -> WatchedStorage:
    objects = Objects(settings)
    objects.__dict__["storage"] = made = WatchedStorage()
    app.extensions["mindcast.storage"] = objects
    return made


@pytest.fixture
def spooled(session: Session, settings: Settings) -> Callable[[str], dict[str, bytes]]:
    """Return what writes every object of a broadcast to the spool, and returns it by its key."""

    def write(broadcast_id: str) -> dict[str, bytes]:
        _add_assets(session, broadcast_id)
        rows = [
            *session.scalars(select(Segment).where(Segment.broadcast_id == broadcast_id)),
            *session.scalars(
                select(InitSegment).where(InitSegment.object_key.contains(broadcast_id))
            ),
            *session.scalars(select(Asset).where(Asset.broadcast_id == broadcast_id)),
        ]
        found = {row.object_key: f"PRIVATE {row.object_key} ".encode() * 3000 for row in rows}
        for row in rows:
            data = found[row.object_key]
            row.size, row.sha256 = len(data), sha256(data).hexdigest()
            _write(spool_path(settings.spool, row.object_key), data)
        session.flush()
        return found

    return write


def _add_assets(session: Session, broadcast_id: str) -> None:
    for kind, name, content_type in (
        ("poster", "poster.jpg", "image/jpeg"),
        ("sound", "sound.m4a", "audio/mp4"),
    ):
        session.add(
            Asset(
                broadcast_id=broadcast_id,
                kind=kind,
                object_key=asset_key(broadcast_id, name),
                content_type=content_type,
                size=0,
                sha256="",
                created_at=datetime.fromisoformat("2026-03-10T18:00:00+00:00"),
            )
        )
    session.flush()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture
def browser(app: Site) -> Callable[[User | None], FlaskClient]:
    """Return what opens a browser, signed in as a person or as nobody."""
    app.config["WTF_CSRF_METHODS"] = []  # what CSRF protection does is shown with web.security

    def open_browser(user: User | None) -> FlaskClient:
        client = app.test_client()
        if user is not None:
            with client.session_transaction() as login:
                login["_user_id"], login["_fresh"] = user.fs_uniquifier, True
        return client

    return open_browser

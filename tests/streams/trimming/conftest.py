"""A replay of forty seconds with chapters, its host, and an application that stores in memory."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.enums import Role
from accounts.models import User
from accounts.services import give_roles, issue_token
from catalog.enums import LivestreamState, Visibility
from catalog.models import Host, Livestream
from core.clock import utc_now
from media.enums import TrackKind, TrackSource
from media.models import Broadcast
from media.playlists import forget_listings
from media.tracks import keep_track
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web.site import Site

CHAPTERS = [(0, 12_000, "Welcome"), (12_000, 30_000, "What helps"), (30_000, 40_000, "Questions")]


@dataclass
class Scene:
    """The replay, and what asks for it as its host."""

    session: Session
    client: FlaskClient
    storage: MemoryStorage
    livestream: Livestream
    token: str

    @property
    def broadcast(self) -> Broadcast:
        return self.session.get_one(Broadcast, self.livestream.broadcast_id, populate_existing=True)

    @property
    def page(self) -> str:
        return f"/livestreams/{self.livestream.id}/trim"

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:  # noqa: ANN401 -- what Flask takes
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.open(path, method=method, headers=headers, **more)

    def api(self, method: str, rest: str, json: object = None) -> TestResponse:
        return self.ask(method, f"/api/v1/livestreams/{self.livestream.id}/{rest}", json=json)


@pytest.fixture
def scene(app: Site, client: FlaskClient, session: Session) -> Scene:
    forget_listings()
    began = utc_now() - timedelta(hours=1)
    person = User(email="host@trimming.example", created_at=began)
    session.add(person)
    session.flush()
    give_roles(session, user=person, roles=[Role.HOST], now=began)
    session.add(Host(id=person.id, names={"en": "Dr. Example"}))
    show = Show(session, began, "source", "sound")
    show.begin_run(0)
    for _ in range(40):
        show.add()
    show.end()
    made = Livestream(
        titles={"en": "Sleep"},
        language="en",
        host_id=person.id,
        starts_at=began,
        ends_at=show.clock,
        timezone="UTC",
        local_start="2026-03-10T18:00:00",
        state=LivestreamState.PUBLISHED,
        visibility=Visibility.PUBLIC,
        broadcast_id=show.id,
        created_at=began,
        updated_at=began,
        announced_at=began,
    )
    session.add(made)
    session.flush()
    storage = MemoryStorage()
    app.extensions["mindcast.storage"] = SimpleNamespace(storage=storage)
    keep_track(
        session,
        storage,
        broadcast_id=show.id,
        kind=TrackKind.CHAPTERS,
        language="en",
        source=TrackSource.HUMAN,
        cues=CHAPTERS,
        now=began,
    )
    return Scene(
        session, client, storage, made, issue_token(session, user=person, name="t", now=began)
    )

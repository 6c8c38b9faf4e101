"""A livestream of a benchmark: made by the API, pushed to by the presenter."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.services import create_user, issue_token
from bench.house import House, expect
from catalog.models import Host
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.ids import new_id
from web.home import load_settings

Found = TypeVar("Found")


@dataclass
class Crew:
    """Who a benchmark acts as: an editor, and a verified host; two moderators are at hand."""

    token: str
    host_id: str
    host_token: str


@dataclass
class Broadcast:
    """One livestream and the broadcast behind it."""

    site: House
    livestream_id: str
    push_url: str
    token: str

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"{self.site.url}/livestreams/{self.livestream_id}"

    def now(self) -> dict[str, Any]:
        """Return the livestream as the API has it now."""
        answer = self.site.get(f"/api/v1/livestreams/{self.livestream_id}", token=self.token)
        return dict(answer.json) if answer.status == 200 else {}  # noqa: PLR2004 -- HTTP's OK

    @cached_property
    def master(self) -> str:
        """The address of its master playlist, once there is something to play."""
        wait_for(lambda: self.site.get(self._address).status == 200, 30, "a playlist")  # noqa: PLR2004 -- HTTP's OK
        return self._address

    @property
    def folder(self) -> str:
        """The address that its media is below, with a slash at the end."""
        return self._address.rpartition("/")[0] + "/"

    @cached_property
    def id(self) -> str:
        """The id of the broadcast."""
        return self._address.split("/")[-2]

    @cached_property
    def _address(self) -> str:
        found = wait_for(lambda: self.now().get("playback_url"), 30, "a playback address")
        return str(found)

    def end(self) -> None:
        """End it, as its host does."""
        path = f"/api/v1/livestreams/{self.livestream_id}/end"
        expect(self.site.send("POST", path, token=self.token), 200)

    def wait_published(self, seconds: float = 30) -> None:
        """Wait until everybody can play the replay."""
        wait_for(lambda: self.now().get("state") == "published", seconds, "the replay")


def make_crew(site: House) -> Crew:
    """Make the accounts that a benchmark acts as."""
    _, token = account(site, Role.EDITOR)
    host_id, host_token = account(site, Role.HOST)
    with database(site) as session:
        until = utc_now() + timedelta(days=1)
        session.add(Host(id=host_id, names={"en": "Bench"}, initials="B", verified_until=until))
    for _ in range(2):
        account(site, Role.MODERATOR)
    return Crew(token, host_id, host_token)


def account(site: House, role: Role, organisation_id: str | None = None) -> tuple[str, str]:
    """Make an account with one role; return its id and a token."""
    with database(site) as session:
        user = create_user(
            session,
            email=f"{new_id()}@bench.example",
            password="a long password of a benchmark",  # noqa: S106 -- of a site that is thrown away
            roles=[role],
            organisation_id=organisation_id,
            now=utc_now(),
        )
        return user.id, issue_token(session, user=user, name="bench", now=utc_now())


def schedule(site: House, crew: Crew, **more: Any) -> Broadcast:  # noqa: ANN401 -- fields of the API
    """Make a livestream that takes a push."""
    made = site.livestream(crew.token, crew.host_id, **more)
    be_ready(site, crew, str(made["id"]))
    ingest = made["ingest"]
    push_url = f"{ingest['url']}/{ingest['stream_key']}"
    return Broadcast(site, str(made["id"]), push_url, crew.token)


def be_ready(site: House, crew: Crew, livestream_id: str) -> None:
    """Check devices and read the script, as the host does; moderators came with the schedule."""
    place = f"/api/v1/livestreams/{livestream_id}/readiness"
    found = site.get(place, token=crew.host_token).json
    check, read = {"picture": True, "sound": True}, {"version": found["script"]["version"]}
    for act, body in (("device-check", check), ("script", read)):
        expect(site.send("POST", f"{place}/{act}", body=body, token=crew.host_token), 200)
    now = site.get(place, token=crew.host_token)
    if not now.json["ready"]:
        sys.exit(f"the gate is shut: {now.body[:500]!r}")


def wait_for(look: Callable[[], Found | None], seconds: float, what: str) -> Found:
    """Look until there is something; stop the benchmark when it does not come."""
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            sys.exit(f"{what} did not come within {seconds:g} s")
        time.sleep(0.02)
    return found


@contextmanager
def database(site: House) -> Iterator[Session]:
    """Give a transaction on the site's database; it is committed at the end."""
    settings = load_settings({"MINDCAST_HOME": str(site.home)})
    engine = make_engine(settings.database_url)
    try:
        with make_sessions(engine).begin() as session:
            yield session
    finally:
        engine.dispose()

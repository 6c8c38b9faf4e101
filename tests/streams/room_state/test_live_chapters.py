"""Chapters as they grow while it is live: told to everybody, and to nobody afterwards."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete, event
from werkzeug.test import TestResponse

from accounts.models import Organisation
from catalog.enums import Visibility
from core.clock import rfc3339
from media.models import TextTrack
from streams.marks.models import Mark
from streams.room_state.queries import version_of_room
from tests.streams.trimming.conftest import Scene, scene

__all__ = ["scene"]
pytestmark = pytest.mark.integration


@pytest.fixture
def live(scene: Scene) -> Scene:
    """Return the talk of forty seconds while it is live."""
    scene.session.execute(delete(TextTrack))
    scene.livestream.state = "live"
    scene.session.commit()
    return scene


def mark(scene: Scene, seconds: float, title: str = "") -> TestResponse:
    began = scene.broadcast.opened_at
    assert began is not None
    at = rfc3339(began + timedelta(seconds=seconds))
    return scene.api("POST", "marks", {"at": at, "title": title})


def state(scene: Scene, client: FlaskClient) -> dict[str, object]:
    scene.session.commit()
    found: dict[str, object] = client.get(
        f"/api/v1/livestreams/{scene.livestream.id}/audience"
    ).get_json()
    return found


def told(scene: Scene, client: FlaskClient) -> list[tuple[int, str]]:
    chapters = state(scene, client)["chapters"]
    assert isinstance(chapters, list)
    return [(one["second"], one["title"]) for one in chapters]


def test_marks_are_told_to_everybody_with_every_change(live: Scene, client: FlaskClient) -> None:
    assert told(live, client) == []
    versions = [state(live, client)["version"]]
    made = mark(live, 12.5)
    assert told(live, client) == [(0, "Part 1"), (12, "Part 2")]
    versions.append(state(live, client)["version"])
    address = f"marks/{made.get_json()['id']}"
    assert live.api("PATCH", address, {"title": "What <helps>"}).status_code == 200
    assert told(live, client) == [(0, "Part 1"), (12, "What <helps>")]
    versions.append(state(live, client)["version"])
    assert live.api("DELETE", address).status_code == 204
    assert told(live, client) == []
    versions.append(state(live, client)["version"])
    assert versions == sorted(set(versions))  # type: ignore[type-var]  # they are numbers


def test_the_moment_is_the_one_in_the_playlists(live: Scene, client: FlaskClient) -> None:
    made = mark(live, 12.5).get_json()
    chapters = state(live, client)["chapters"]
    assert isinstance(chapters, list)
    away = datetime.fromisoformat(chapters[1]["at"]) - datetime.fromisoformat(made["at"])
    assert abs(away) < timedelta(milliseconds=5)


def test_an_unchanged_state_is_answered_without_reading_the_marks(
    live: Scene, client: FlaskClient, connection: Connection
) -> None:
    mark(live, 12.5)
    address = f"/api/v1/livestreams/{live.livestream.id}/audience"
    first, read = client.get(address), []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        read.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    event.remove(connection, "before_cursor_execute", note)
    assert again.status_code == 304
    unread = ("streams_mark", "streams_handout", "media_segment")
    assert not [one for one in read for table in unread if f"FROM {table}" in one]


@pytest.mark.parametrize("over", ["ended", "published"])
def test_afterwards_nobody_is_told_of_marks(live: Scene, client: FlaskClient, over: str) -> None:
    made = mark(live, 12.5)
    live.livestream.state = over
    assert told(live, client) == []
    before = version_of_room(live.session, livestream_id=live.livestream.id)
    live.api("PATCH", f"marks/{made.get_json()['id']}", {"title": "Late"})
    assert version_of_room(live.session, livestream_id=live.livestream.id) == before


def test_a_private_one_is_told_to_nobody_else(live: Scene, client: FlaskClient) -> None:
    company = Organisation(id="companya", slug="a", names={"en": "A"}, kind="company")
    company.created_at = live.livestream.created_at
    live.session.add(company)
    live.session.flush()
    live.livestream.visibility = Visibility.ORGANISATION
    live.livestream.organisation_id = "companya"
    mark(live, 12, "For our staff")
    address = f"/api/v1/livestreams/{live.livestream.id}/audience"
    assert client.get(address).status_code == 404
    assert client.get(f"/livestreams/{live.livestream.id}").status_code == 404


def test_the_page_of_the_room_has_them_without_a_script(live: Scene, client: FlaskClient) -> None:
    page = f"/livestreams/{live.livestream.id}"
    assert 'data-said="New chapter: {title}" hidden' in client.get(page).text
    mark(live, 65.5, "What <helps>")
    live.session.commit()
    text = client.get(page).text
    assert 'data-said="New chapter: {title}">' in text
    assert "<time>1:05</time><span>What &lt;helps&gt;</span>" in text


def test_a_premiere_tells_of_them_by_the_times_of_its_viewers(
    live: Scene, client: FlaskClient
) -> None:
    began = live.broadcast.opened_at
    assert began is not None
    live.broadcast.premiere_at = began + timedelta(days=1)
    live.session.add(Mark(livestream_id=live.livestream.id, at=began + timedelta(seconds=12)))
    chapters = state(live, client)["chapters"]
    assert isinstance(chapters, list)
    assert [one["second"] for one in chapters] == [0, 12]
    assert chapters[1]["at"] == rfc3339(began + timedelta(days=1, seconds=12))

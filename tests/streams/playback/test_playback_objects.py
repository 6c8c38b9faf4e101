from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.models import User
from catalog.models import Livestream
from core.settings import Settings
from media.paths import content_type, spool_path, url_of_key
from tests.streams.playback.conftest import WatchedStorage, shown

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("present", "storage")]

Spooled = Callable[[str], dict[str, bytes]]
Browser = Callable[[User | None], FlaskClient]


RANGES: dict[str, tuple[int, tuple[int, int | None]]] = {
    "bytes=0-0": (206, (0, 1)),
    "bytes=100-199": (206, (100, 200)),
    "bytes=-50": (206, (-50, None)),
    "bytes=70000-": (206, (70000, None)),
    "bytes=0-1,5-6": (200, (0, None)),
    "lines=0-1": (200, (0, None)),
    "nonsense": (200, (0, None)),
    "bytes=99999999-": (416, (0, 0)),
}


def store(storage: WatchedStorage, objects: dict[str, bytes]) -> None:
    for key, data in objects.items():
        storage.put_bytes(key, data, content_type=content_type(key))


@pytest.mark.parametrize("place", ["spool", "storage"])
def test_object_by_range(
    client: FlaskClient,
    public: Livestream,
    spooled: Spooled,
    storage: WatchedStorage,
    settings: Settings,
    place: str,
) -> None:
    objects = spooled(public.broadcast_id)
    key = next(key for key in objects if key.endswith("sound.m4a"))
    if place == "storage":
        store(storage, objects)
        spool_path(settings.spool, key).unlink()
    answers = {
        (asked, method): ranged(
            client.open(url_of_key(key), method=method, headers={"Range": asked})
        )
        for asked in RANGES
        for method in ("GET", "HEAD")
    }
    assert answers == {
        (asked, method): expected_range(objects[key], asked, method)
        for asked in RANGES
        for method in ("GET", "HEAD")
    }


def ranged(answer: TestResponse) -> tuple[int, bytes, str, str | None]:
    length, bounds = answer.headers["Content-Length"], answer.headers.get("Content-Range")
    return answer.status_code, answer.data, length, bounds


def expected_range(whole: bytes, asked: str, method: str) -> tuple[int, bytes, str, str | None]:
    status, bounds = RANGES[asked]
    start, stop, _ = slice(*bounds).indices(len(whole))
    named = {206: f"bytes {start}-{stop - 1}/{len(whole)}", 416: f"bytes */{len(whole)}"}
    body = whole[start:stop] if method == "GET" else b""
    return status, body, str(stop - start), named.get(status)


def test_object_by_range_of_another_version(
    client: FlaskClient, public: Livestream, spooled: Spooled
) -> None:
    key, whole = next(iter(spooled(public.broadcast_id).items()))
    tag = client.head(url_of_key(key)).headers["ETag"]
    found = [
        client.get(url_of_key(key), headers={"Range": "bytes=0-3", "If-Range": version}).data
        for version in (tag, '"another"', "Sun, 22 Nov 2026 02:00:00 GMT")
    ]
    assert found == [whole[:4], whole, whole]


def test_object_that_is_known(client: FlaskClient, public: Livestream, spooled: Spooled) -> None:
    key, _ = next(iter(spooled(public.broadcast_id).items()))
    first = client.get(url_of_key(key))
    again = client.get(url_of_key(key), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    same = ("ETag", "Cache-Control")
    assert [again.headers[name] for name in same] == [first.headers[name] for name in same]


def test_object_from_storage_is_the_same_as_from_the_spool(
    client: FlaskClient,
    public: Livestream,
    spooled: Spooled,
    storage: WatchedStorage,
    settings: Settings,
) -> None:
    objects = spooled(public.broadcast_id)

    def fetch() -> dict[str, tuple[int, bytes, dict[str, str]]]:
        answers = {key: client.get(url_of_key(key)) for key in objects}
        names = ("Content-Type", "Cache-Control", "ETag", "Content-Length", "Accept-Ranges")
        return {
            key: (one.status_code, one.data, {name: one.headers[name] for name in names})
            for key, one in answers.items()
        }

    from_spool = fetch()
    store(storage, objects)
    for key in objects:
        spool_path(settings.spool, key).unlink()
    assert storage.opened == 0
    assert fetch() == from_spool
    assert (storage.opened, storage.closed) == (len(objects), len(objects))


def test_object_while_storage_is_away_or_has_lost_it(
    client: FlaskClient,
    public: Livestream,
    spooled: Spooled,
    storage: WatchedStorage,
    settings: Settings,
) -> None:
    key = next(iter(spooled(public.broadcast_id)))
    spool_path(settings.spool, key).unlink()
    assert shown(client.get(url_of_key(key))) == (404, b"", "no-store")
    storage.away = True
    away = client.get(url_of_key(key))
    assert (*shown(away), away.headers["Retry-After"]) == (503, b"", "no-store", "1")

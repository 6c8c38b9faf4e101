"""Slides of a livestream: sent, fetched, replaced and removed by its crew."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.demo.clearing import remove_livestreams
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.settings import Settings
from core.work.models import Work
from media.enums import BroadcastState
from media.errors import NoSuchMedia, NotAMediaKeyError
from media.models import Broadcast
from media.paths import read_key, slides_key, slides_of_key
from streams.studio.models import Slides
from streams.studio.slides import rules
from streams.studio.slides.jobs import clear_slides
from streams.studio.slides.queries import CLEAR
from streams.studio.slides.services import forget_old_slides
from tests.fakes import uploads
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from web.site import Site

pytestmark = pytest.mark.integration

PDF = b"%PDF-1.7\n" + b"a page\n" * 100_000  # several pieces


@pytest.fixture
def storage(app: Site) -> MemoryStorage:
    kept = MemoryStorage()
    app.extensions["mindcast.storage"].storage = kept
    return kept


@pytest.fixture
def world(session: Session, storage: MemoryStorage) -> World:
    del storage
    return World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()


class Desk:
    """Somebody who keeps slides of one livestream."""

    def __init__(self, client: FlaskClient, token: str, livestream: Livestream) -> None:
        self.client, self.livestream = client, livestream
        self.headers = {"Authorization": f"Bearer {token}"}
        self.url = f"/api/v1/livestreams/{livestream.id}/slides"

    def put(self, data: bytes, name: str = "Sleep & rest.pdf") -> TestResponse:
        return self.client.put(
            self.url, query_string={"name": name}, data=data, headers=self.headers
        )

    def get(self) -> TestResponse:
        return self.client.get(self.url, headers=self.headers)

    def delete(self) -> TestResponse:
        return self.client.delete(self.url, headers=self.headers)


@pytest.fixture
def desk(client: FlaskClient, world: World) -> Callable[..., Desk]:
    def made(state: str = "scheduled") -> Desk:
        return Desk(client, world.tokens["host"], world.livestream(state=state))

    return made


@pytest.fixture
def run(
    connection: Connection, storage: MemoryStorage, settings: Settings
) -> Callable[[str], None]:
    """Return the step as a worker runs it, in the test's transaction."""
    sessions = sessionmaker(connection, join_transaction_mode="create_savepoint")
    return lambda subject: clear_slides(uploads.step_context(sessions, storage, settings, subject))


def due(session: Session) -> list[str]:
    """Return the subjects of the clearing that was asked for."""
    return list(session.scalars(select(Work.subject).where(Work.kind == CLEAR)))


def test_slides_come_back_as_they_were_sent_and_no_cache_keeps_them(
    desk: Callable[..., Desk], storage: MemoryStorage, session: Session
) -> None:
    one = desk()
    put = one.put(PDF)
    assert put.status_code == 201, put.get_json()
    body = put.get_json()
    assert (body["name"], body["size"]) == ("Sleep & rest.pdf", len(PDF))
    assert body["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert body["url"].endswith(one.url)
    got = one.get()
    assert (got.status_code, got.data, got.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert (
        got.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Sleep%20%26%20rest.pdf"
    )
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    (key,) = storage.objects
    assert key.startswith("slides/")
    with pytest.raises(NoSuchMedia):  # so that no address under /media leads to it
        read_key(key)
    acts = session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_id == one.livestream.id)
    ).all()
    assert acts == ["livestream.slides"]


def test_other_slides_take_the_place_and_the_object_of_the_old_ones_goes(
    desk: Callable[..., Desk],
    storage: MemoryStorage,
    session: Session,
    run: Callable[[str], None],
) -> None:
    one = desk()
    one.put(PDF)
    (old,) = storage.objects
    again = one.put(b"%PDF-2.0 other", "other.pdf")
    assert (again.status_code, again.get_json()["name"]) == (200, "other.pdf")
    assert one.get().data == b"%PDF-2.0 other"
    assert due(session) == [slides_of_key(old)]
    run(slides_of_key(old))
    assert [data for data, _kind in storage.objects.values()] == [b"%PDF-2.0 other"]


def test_removed_slides_leave_no_row_and_no_object(
    desk: Callable[..., Desk],
    storage: MemoryStorage,
    session: Session,
    run: Callable[[str], None],
) -> None:
    one = desk()
    one.put(PDF)
    assert [one.delete().status_code, one.get().status_code, one.delete().status_code] == [
        204,
        404,
        404,
    ]
    for subject in due(session):
        run(subject)
    assert storage.objects == {}
    assert session.scalars(select(Slides)).all() == []


def test_object_that_has_a_row_is_never_removed(
    desk: Callable[..., Desk], storage: MemoryStorage, run: Callable[[str], None]
) -> None:
    desk().put(PDF)
    (key,) = storage.objects
    run(slides_of_key(key))
    assert list(storage.objects) == [key]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html>%PDF-", rules.NO_PDF),
        (b"\x89PNG\r\n", rules.NO_PDF),
        (b"", rules.EMPTY),
    ],
)
def test_what_is_no_pdf_by_its_content_is_refused(
    desk: Callable[..., Desk], storage: MemoryStorage, data: bytes, message: str
) -> None:
    answer = desk().put(data)
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [{"field": "body", "message": str(message)}]
    assert storage.objects == {}


def test_too_many_bytes_are_refused_whether_told_or_not(
    desk: Callable[..., Desk], storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES", 1000)
    one = desk()
    told = one.put(PDF)
    untold = one.client.put(
        one.url,
        input_stream=BytesIO(PDF),
        headers={**one.headers, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert [told.status_code, untold.status_code] == [422, 422]
    assert told.get_json()["errors"] == [{"field": "body", "message": str(rules.TOO_BIG)}]
    assert storage.objects == {}


@pytest.mark.parametrize("state", ["ended", "published", "cancelled"])
def test_livestream_that_is_over_takes_no_slides(
    desk: Callable[..., Desk], storage: MemoryStorage, state: str
) -> None:
    answer = desk(state=state).put(PDF)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_late_for_slides")
    assert storage.objects == {}


@pytest.mark.parametrize("who", ["other_host", "employee_a"])
def test_slides_are_nobody_elses(
    desk: Callable[..., Desk], world: World, client: FlaskClient, who: str
) -> None:
    one = desk()
    one.put(PDF)
    other = Desk(client, world.tokens[who], one.livestream)
    statuses = [other.get().status_code, other.put(PDF).status_code, other.delete().status_code]
    assert statuses == [403, 403, 403]


def test_slides_go_thirty_days_after_the_end(
    desk: Callable[..., Desk],
    storage: MemoryStorage,
    session: Session,
    run: Callable[[str], None],
) -> None:
    one = desk()
    one.put(PDF)
    ended_at = utc_now() - timedelta(days=1)
    broadcast = session.get_one(Broadcast, one.livestream.broadcast_id)
    broadcast.state, broadcast.ended_at = BroadcastState.ENDED, ended_at
    one.livestream.state = LivestreamState.ENDED
    session.commit()
    forget_old_slides(session, ended_at + timedelta(days=30, seconds=-1))
    assert len(session.scalars(select(Slides)).all()) == 1
    forget_old_slides(session, ended_at + timedelta(days=30))
    session.commit()
    assert session.scalars(select(Slides)).all() == []
    for subject in due(session):
        run(subject)
    assert storage.objects == {}


def test_slides_of_livestreams_that_are_removed_go_with_them(
    desk: Callable[..., Desk],
    storage: MemoryStorage,
    session: Session,
    run: Callable[[str], None],
) -> None:
    one = desk()
    one.put(PDF)
    remove_livestreams(session, [one.livestream.id], now=utc_now())
    session.commit()
    (subject,) = due(session)
    run(subject)
    assert storage.objects == {}


def test_keys_of_slides_are_read_and_written_in_one_way() -> None:
    assert slides_of_key(slides_key("0123456789abcdef")) == "0123456789abcdef"
    for wrong in ("documents/0123456789abcdef", "slides/../master", "slides/"):
        with pytest.raises(NotAMediaKeyError):
            slides_of_key(wrong)


def test_test_of_the_line_counts_what_arrives_and_takes_no_more(
    client: FlaskClient, world: World
) -> None:
    made = world.livestream(state="scheduled")
    url = f"/api/v1/livestreams/{made.id}/uplink-test"
    headers = {"Authorization": f"Bearer {world.tokens['host']}"}
    taken = client.post(url, data=b"x" * 300_000, headers=headers)
    assert (taken.status_code, taken.get_json()["bytes"]) == (200, 300_000)
    assert isinstance(taken.get_json()["ms"], float)
    assert client.post(url, data=b"x" * 524_289, headers=headers).status_code == 422


def test_tests_of_the_line_are_limited(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.api.uplink.POSTS", 1)
    made = world.livestream(state="scheduled")
    url = f"/api/v1/livestreams/{made.id}/uplink-test"
    headers = {"Authorization": f"Bearer {world.tokens['host']}"}
    answers = [client.post(url, data=b"x", headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 429]
    assert int(answers[1].headers["Retry-After"]) > 0

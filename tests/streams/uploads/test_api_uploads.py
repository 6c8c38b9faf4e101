import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.models import Host, Livestream
from core.clock import utc_now
from core.work.enums import WorkState
from core.work.models import Work
from media.models import Upload
from streams.uploads import rules, services
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from web.site import Site

pytestmark = pytest.mark.integration

API = "/api/v1/livestreams"
SMALL = 4096


@pytest.fixture
def storage(app: Site) -> MemoryStorage:
    kept = MemoryStorage()
    app.extensions["mindcast.storage"].storage = kept
    return kept


@pytest.fixture
def world(session: Session, storage: MemoryStorage) -> World:
    del storage
    return World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PART_SIZE", SMALL)


class Sender:
    """A program that sends a file for somebody."""

    def __init__(self, client: FlaskClient, token: str, livestream: Livestream) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.base = f"{API}/{livestream.id}/uploads"
        self.id = ""

    def begin(self, size: int, name: str = "talk.mp4") -> TestResponse:
        answer = self.client.post(
            self.base, json={"name": name, "size": size}, headers=self.headers
        )
        if answer.status_code == 201:
            self.id = answer.get_json()["id"]
        return answer

    def part(self, number: int, data: bytes, query: str = "", **headers: str) -> TestResponse:
        return self.client.put(
            f"{self.base}/{self.id}/parts/{number}{query}",
            data=data,
            headers={**self.headers, **headers},
        )

    def read(self) -> TestResponse:
        return self.client.get(f"{self.base}/{self.id}", headers=self.headers)

    def complete(self) -> TestResponse:
        return self.client.post(f"{self.base}/{self.id}/complete", headers=self.headers)

    def cancel(self) -> TestResponse:
        return self.client.delete(f"{self.base}/{self.id}", headers=self.headers)

    def send(self, data: bytes) -> None:
        self.begin(len(data))
        for number, start in enumerate(range(0, len(data), SMALL)):
            assert self.part(number, data[start : start + SMALL]).status_code == 201


@pytest.fixture
def sender(client: FlaskClient, world: World) -> Callable[..., Sender]:
    def made(livestream: Livestream | None = None, who: str = "host") -> Sender:
        found = livestream or world.livestream(state="scheduled")
        return Sender(client, world.tokens[who], found)

    return made


def test_parts_come_in_any_order_and_twice(
    sender: Callable[..., Sender], storage: MemoryStorage
) -> None:
    one = sender()
    begun = one.begin(2 * SMALL + 10)
    assert begun.status_code == 201
    body = begun.get_json()
    assert (body["part_size"], body["parts_held"], body["state"]) == (SMALL, [], "open")
    assert begun.headers["Location"] == body["upload_url"]
    answers = [
        one.part(2, b"c" * 10).status_code,
        one.part(0, b"a" * SMALL).status_code,
        one.part(0, b"a" * SMALL).status_code,
    ]
    found = one.read().get_json()
    assert (answers, found["parts_held"]) == ([201, 201, 200], [0, 2])
    assert found["progress"] == pytest.approx((SMALL + 10) / (2 * SMALL + 10))
    assert {key: len(data) for key, (data, _kind) in storage.objects.items()} == {
        f"uploads/{one.id}/0": SMALL,
        f"uploads/{one.id}/2": 10,
    }


def test_same_file_goes_on_where_it_was_left_and_another_waits(
    sender: Callable[..., Sender],
) -> None:
    one = sender()
    one.begin(2 * SMALL)
    one.part(0, b"a" * SMALL)
    again = one.begin(2 * SMALL).get_json()
    other = one.begin(2 * SMALL, "other.mp4")
    assert (again["id"], again["parts_held"]) == (one.id, [0])
    assert (other.status_code, other.get_json()["code"]) == (409, "another_upload")


@pytest.mark.parametrize(
    ("number", "size", "query", "headers", "status"),
    [
        (0, SMALL - 1, "", {}, 422),
        (5, SMALL, "", {}, 422),
        (0, SMALL, f"?sha256={'0' * 64}", {}, 422),
        (0, SMALL, f"?sha256={hashlib.sha256(b'a' * SMALL).hexdigest()}", {}, 201),
        (
            0,
            SMALL,
            "",
            {
                "Content-Digest": "sha-256=:"
                + base64.b64encode(hashlib.sha256(b"a" * SMALL).digest()).decode()
                + ":"
            },
            201,
        ),
        (0, SMALL, "", {"Content-Digest": "sha-256=:AAAA:"}, 422),
        (0, 9 << 20, "", {}, 422),  # nothing of it is read
    ],
)
def test_part_is_checked_before_it_is_kept(
    sender: Callable[..., Sender],
    storage: MemoryStorage,
    number: int,
    size: int,
    query: str,
    headers: dict[str, str],
    status: int,
) -> None:
    one = sender()
    one.begin(2 * SMALL)
    assert one.part(number, b"a" * size, query, **headers).status_code == status
    assert bool(storage.objects) is (status == 201)


@pytest.mark.parametrize(
    ("name", "size"), [("talk.mp4", 0), ("talk.mp4", (20 << 30) + 1), (" \n", 10)]
)
def test_file_that_cannot_be_taken_is_refused_at_once(
    sender: Callable[..., Sender], name: str, size: int
) -> None:
    assert sender().begin(size, name).status_code == 422


@pytest.mark.parametrize(
    ("state", "broadcast", "status"),
    [
        ("draft", "idle", 201),
        ("proposed", "idle", 201),
        ("scheduled", "idle", 201),
        ("missed", "idle", 201),
        ("scheduled", "receiving", 409),
        ("live", "receiving", 409),
        ("ended", "ended", 409),
        ("published", "ended", 409),
        ("cancelled", "idle", 409),
    ],
)
def test_only_what_was_never_live_takes_a_talk(
    sender: Callable[..., Sender], world: World, state: str, broadcast: str, status: int
) -> None:
    made = world.livestream(state=state, broadcast=broadcast)
    assert sender(made).begin(10).status_code == status


def test_host_who_is_not_verified_sends_nothing(
    sender: Callable[..., Sender], world: World, session: Session
) -> None:
    session.get_one(Host, "host").verified_until = None
    session.flush()
    assert sender().begin(10).get_json()["code"] == "gate_shut"
    del world


def test_a_person_has_few_uploads_open(sender: Callable[..., Sender]) -> None:
    answers = [sender().begin(10).status_code for _ in range(rules.OPEN_PER_PERSON + 1)]
    assert answers == [201] * rules.OPEN_PER_PERSON + [409]


def test_upload_of_one_livestream_is_none_of_another(
    sender: Callable[..., Sender],
) -> None:
    one, other = sender(), sender()
    one.begin(10)
    other.id = one.id
    answers = [other.read(), other.part(0, b"a" * 10), other.complete(), other.cancel()]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_part_of_a_private_talk_is_no_media(
    sender: Callable[..., Sender], client: FlaskClient
) -> None:
    one = sender()
    one.begin(10)
    one.part(0, b"a" * 10)
    assert client.get(f"/media/../uploads/{one.id}/0").status_code == 404


def test_complete_waits_for_every_part_and_asks_for_the_import_once(
    sender: Callable[..., Sender], session: Session
) -> None:
    one = sender()
    one.begin(SMALL + 1)
    one.part(0, b"a" * SMALL)
    early = one.complete()
    one.part(1, b"b")
    answers = [one.complete().status_code, one.complete().status_code]
    asked = session.scalars(select(Work)).all()
    acts = session.scalars(select(AuditEntry.act)).all()
    assert (early.status_code, early.get_json()["code"]) == (409, "parts_missing")
    assert answers == [202, 202]
    assert [(work.kind, work.payload) for work in asked] == [("import_upload", {"upload": one.id})]
    assert "livestream.upload" in acts
    late = one.part(0, b"a" * SMALL)
    assert late.status_code == 200  # it is there


def test_cancel_removes_what_has_arrived(sender: Callable[..., Sender], session: Session) -> None:
    one = sender()
    one.begin(2 * SMALL)
    one.part(0, b"a" * SMALL)
    assert one.cancel().get_json()["state"] == "cancelled"
    assert one.part(1, b"b" * SMALL).status_code == 409
    assert one.begin(2 * SMALL, "better.mp4").status_code == 201
    assert [work.kind for work in session.scalars(select(Work))] == ["clear_upload"]


def test_part_that_comes_twice_at_once_is_still_there_when_the_upload_is_complete(
    sender: Callable[..., Sender],
    session: Session,
    storage: MemoryStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = sender()
    one.begin(10)
    put = storage.put_bytes

    def overtaken(key: str, data: bytes, *, content_type: str) -> None:
        """The sender gave up waiting and sent it again; that one was faster."""
        put(key, data, content_type=content_type)
        upload = session.get_one(Upload, one.id)
        digest = hashlib.sha256(data).hexdigest()
        services.add_part(session, upload=upload, number=0, size=10, sha256=digest)
        services.complete_upload(session, upload=upload, now=utc_now())
        session.commit()

    monkeypatch.setattr(storage, "put_bytes", overtaken)
    assert one.part(0, b"a" * 10).status_code == 200
    assert (one.read().get_json()["state"], list(storage.objects)) == (
        "received",
        [f"uploads/{one.id}/0"],
    )


def test_uploads_that_nobody_finishes_expire(
    sender: Callable[..., Sender], session: Session
) -> None:
    one = sender()
    one.begin(10)
    services.expire_uploads(session, utc_now() + timedelta(days=6))
    assert one.read().get_json()["state"] == "open"
    services.expire_uploads(session, utc_now() + timedelta(days=8))
    found = one.read().get_json()
    assert (found["state"], found["reason"]) == ("cancelled", rules.EXPIRED)


def test_import_that_somebody_stopped_is_told_as_failed(
    sender: Callable[..., Sender], session: Session
) -> None:
    one = sender()
    one.send(b"a" * 10)
    one.complete()
    session.scalars(select(Work)).one().state = WorkState.CANCELLED
    session.flush()
    services.expire_uploads(session, utc_now())
    found = one.read().get_json()
    assert (found["state"], found["reason"]) == ("failed", rules.STOPPED)

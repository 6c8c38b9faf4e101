"""The chunk door's HTTP: status codes, problem documents, limits, and what is never told."""

import logging
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from core.errors import NotFound
from streams.doors.chunks.app import MOST_BYTES, make_app
from streams.doors.chunks.errors import ChunkGap, NodeBusy, NotARecording, NotReceiving
from streams.doors.chunks.ports import Keep, Receipt
from streams.doors.chunks.server import ChunkDoor

pytestmark = pytest.mark.unit

URL = "/ingest/chunks/show/secret"


class Desk:
    """Answers as it is told to; keeps what it was given."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, bytes]] = []
        self.refusal: Exception | None = None
        self.stranger = False
        self.duplicate = False

    def admit(self, *, livestream_id: str, key: str) -> Keep:
        if self.stranger or (livestream_id, key) != ("show", "secret"):
            raise NotFound
        return self._keep

    def _keep(self, number: int, body: bytes) -> Receipt:
        if self.refusal is not None:
            raise self.refusal
        self.kept.append((number, body))
        return Receipt(number + 1, number - 3, self.duplicate)

    def receipt(self, *, livestream_id: str, key: str) -> Receipt:
        self.admit(livestream_id=livestream_id, key=key)
        return Receipt(9, 4)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def door(desk: Desk) -> FlaskClient:
    return make_app(desk).test_client()


def test_chunk_is_kept_and_acknowledged(desk: Desk, door: FlaskClient) -> None:
    answer = door.put(f"{URL}/5", data=b"media")
    assert (answer.status_code, answer.json) == (201, {"next": 6, "durable_through": 2})
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.kept == [(5, b"media")]


def test_duplicate_is_200(desk: Desk, door: FlaskClient) -> None:
    desk.duplicate = True
    assert door.put(f"{URL}/5", data=b"media").status_code == 200


def test_place_is_told_without_a_chunk(door: FlaskClient) -> None:
    answer = door.get(URL)
    assert (answer.status_code, answer.json) == (200, {"next": 9, "durable_through": 4})


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (NotReceiving(), 409, "not_receiving"),
        (NotARecording(), 422, "not_a_recording"),
        (NodeBusy(), 503, "try_again"),
        (RuntimeError("secret"), 503, "try_again"),
    ],
)
def test_refusal_is_a_problem_document(
    desk: Desk, door: FlaskClient, refusal: Exception, status: int, code: str
) -> None:
    desk.refusal = refusal
    answer = door.put(f"{URL}/5", data=b"media")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == code
    assert "secret" not in answer.text


@pytest.mark.parametrize("another", [True, False])
def test_chunk_that_goes_on_with_nothing_tells_whether_another_sends(
    desk: Desk, door: FlaskClient, *, another: bool
) -> None:
    desk.refusal = NotARecording(another_sends=another)
    answer = door.put(f"{URL}/5", data=b"media")
    assert answer.json is not None
    assert answer.json["another_sends"] is another


def test_gap_names_the_number_that_is_wanted(desk: Desk, door: FlaskClient) -> None:
    desk.refusal = ChunkGap(3)
    answer = door.put(f"{URL}/5", data=b"media")
    assert (answer.status_code, answer.json) == (
        409,
        {
            "type": "urn:mindcast:problem:chunk_gap",
            "title": "Conflict",
            "status": 409,
            "code": "chunk_gap",
            "detail": "Chunk 3 is missing. Send it first.",
            "next": 3,
        },
    )


def test_strangers_body_is_not_read(desk: Desk, door: FlaskClient) -> None:
    desk.stranger = True
    body = BytesIO(b"media")
    answer = door.put(f"{URL}/5", input_stream=body, content_length=5)
    assert (answer.status_code, body.tell()) == (404, 0)


def test_chunk_above_the_limit_is_413(desk: Desk, door: FlaskClient) -> None:
    answer = door.put(f"{URL}/5", input_stream=None, content_length=MOST_BYTES + 1)
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert desk.kept == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", f"{URL}/five", 404),
        ("PUT", f"{URL}/-1", 404),
        ("POST", f"{URL}/5", 405),
        ("GET", "/", 404),
    ],
)
def test_other_requests_are_problems(
    door: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = door.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_fault_is_logged_without_the_key(
    desk: Desk,
    door: FlaskClient,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.refusal = RuntimeError("the disk is on fire")
    with caplog.at_level(logging.DEBUG):
        door.put(f"{URL}/5", data=b"media")
    told = caplog.text + "".join(capsys.readouterr())
    assert "the disk is on fire" in told
    assert "secret" not in told


@pytest.fixture
def address(desk: Desk) -> Iterator[tuple[str, int]]:
    sock = socket.create_server(("127.0.0.1", 0))
    where: tuple[str, int] = sock.getsockname()
    door = ChunkDoor(make_app(desk), sock)
    door.start()
    yield where
    door.close()


def test_door_serves_on_its_socket_and_stops(desk: Desk, address: tuple[str, int]) -> None:
    connection = HTTPConnection(*address, timeout=5)
    connection.request("PUT", f"{URL}/0", body=b"x" * 3_000_000)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (201, b'{"durable_through":-3,"next":1}\n')
    assert answer.headers["Server"] is None
    connection.close()
    assert desk.kept == [(0, b"x" * 3_000_000)]

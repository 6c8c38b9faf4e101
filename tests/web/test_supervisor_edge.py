"""nginx with the real configuration in front of a stub application."""

import gzip
import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.settings import read_settings
from web.supervisor.edge import edge_child
from web.supervisor.ports import LOOPBACK, listening

pytestmark = pytest.mark.integration

PRIVATE, PUBLIC, BRIEF = "private000000000", "public0000000000", "brief00000000000"
PLAYLIST = b"#EXTM3U\n" + b"#EXTINF:1.0,\nsegment.m4s\n" * 100


class Application(ThreadingHTTPServer):
    """Counts what reaches it and answers as the application would."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.revision = 0
        self.headers_of: dict[str, dict[str, str]] = {}
        super().__init__((LOOPBACK, 0), Answers)


class Answers(BaseHTTPRequestHandler):
    """The stub's answers; `mc_grant=good` opens the private broadcast."""

    protocol_version = "HTTP/1.1"
    server: Application

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        self.server.headers_of[self.path] = {k.lower(): v for k, v in self.headers.items()}
        if self.path.startswith("/internal/gate/"):
            self._gate()
        elif ".m3u8" in self.path:
            self._playlist()
        elif self.path.split("?")[0].endswith(("audience", "audience/questions")):
            named = {"Cache-Control": "public, max-age=1", "ETag": '"a tag"', "Vary": "Cookie"}
            self._say(200, b"{}", **named)
        elif self.path.startswith("/api/"):
            self._say(200, b"{}", **{"Cache-Control": "private"})
        elif self.path.endswith("missing.m4s") or ("cut" in self.path and self.server.revision):
            self._say(404, b"no")
        else:
            self._say(200, b"from the application", **{"Set-Cookie": "session=secret"})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(201, b"%d" % len(body))

    def _gate(self) -> None:
        private = PRIVATE in self.path
        if private and "mc_grant=good" not in self.headers.get("Cookie", ""):
            self._say(404, b"secret reason")
        else:
            visibility = "organisation" if private else "public"
            keep = "brief" if BRIEF in self.path else "long"
            named = {"Visibility": visibility, "Revision": str(self.server.revision), "Keep": keep}
            self._say(200, b"", **{f"X-Media-{k}": v for k, v in named.items()})

    def _playlist(self) -> None:
        if self.headers.get("Accept-Encoding") == "gzip":
            self._say(200, gzip.compress(PLAYLIST), **{"Content-Encoding": "gzip"})
        else:
            self._say(200, PLAYLIST)

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its base names it so
        pass


@dataclass
class Edge:
    """The running edge and the stub behind it."""

    port: int
    spool: Path
    app: Application
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = b"x" * 3_000_000 if method == "PUT" else None
        connection.request(method, path, body=body, headers=named)
        answer = connection.getresponse()
        text = answer.read()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    home = tmp_path_factory.mktemp("home")
    settings = read_settings({"MINDCAST_HOME": str(home), "TRUSTED_PROXIES": "10.0.0.1,10.0.0.2"})
    (home / "nginx").mkdir()
    app = Application()
    thread = threading.Thread(target=app.serve_forever, args=(0.05,))
    thread.start()
    port = app.server_address[1]
    choices = {"app_port": port, "chunk_port": port}
    with listening(LOOPBACK, 0, "PORT") as listener:
        log = home / "edge.log"
        child = edge_child(settings, choices, listener, log)
        with child:
            yield Edge(listener.getsockname()[1], settings.spool, app)
    app.shutdown()
    app.server_close()
    thread.join()
    assert [line for line in log.read_text().splitlines() if "[notice]" not in line] == []


@pytest.fixture
def edge(running: Edge) -> Edge:
    running.app.asked.clear()
    return running


def test_page_passes_with_forwarded_headers(edge: Edge) -> None:
    assert edge.get("/topics/sleep?x=1", X_Request_ID="abc-1")[0] == 200
    seen = edge.app.headers_of["/topics/sleep?x=1"]
    assert seen["x-request-id"] == "abc-1"
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"
    assert seen["host"] == f"127.0.0.1:{edge.port}"


def test_forged_forwarded_headers_are_replaced(edge: Edge) -> None:
    edge.get("/forged", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="https", X_Request_ID="a b\t")
    seen = edge.app.headers_of["/forged"]
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert len(seen["x-request-id"]) == 32


@pytest.mark.parametrize(
    "path",
    ["/internal/gate/x", "/internal", "//internal/gate/x", "/x/../internal/x", "/%69nternal/x"],
)
def test_internal_address_is_denied_from_outside(edge: Edge, path: str) -> None:
    assert edge.get(path)[0] == 404
    assert edge.app.asked.total() == 0


def test_private_media_without_grant_gives_nothing(edge: Edge) -> None:
    path = f"/media/{PRIVATE}/source/leak.m4s"
    assert edge.get(path) == (404, b"")
    assert edge.get(path, Cookie="mc_grant=good") == (200, b"from the application")
    assert edge.get(path) == (404, b"")
    assert edge.get(path, Cookie="mc_grant=bad") == (404, b"")


@pytest.mark.parametrize("name", ["master.m3u8", "source/1-2.m4s"])
def test_private_object_in_a_cache_stays_gated(edge: Edge, name: str) -> None:
    path = f"/media/{PRIVATE}/{name}"
    assert edge.get(path, Cookie="mc_grant=good")[0] == 200
    assert edge.get(path)[0] == 404
    assert edge.get(f"/media/{PUBLIC}/../{PRIVATE}/{name}")[0] == 404
    assert edge.get(f"/media/{PUBLIC}/%2e%2e/{PRIVATE}/{name}")[0] == 404


def test_gate_is_asked_once_per_viewer(edge: Edge) -> None:
    for _ in range(3):
        edge.get(f"/media/{PRIVATE}/source/leak.m4s", Cookie="mc_grant=good; other=1")
        edge.get(f"/media/{PRIVATE}/source/leak.m4s", Cookie="mc_grant=other")
        edge.get(f"/media/{PRIVATE}/x.m4s", Cookie="mc_grant=other", Authorization="Bearer t")
    assert edge.app.asked[f"/internal/gate/{PRIVATE}"] <= 3
    edge.get(f"/media/{PRIVATE}/source/leak.m4s", Cookie="mc_grant=fresh; session=login")
    assert edge.app.headers_of[f"/internal/gate/{PRIVATE}"]["cookie"] == "mc_grant=fresh"


def test_segment_of_a_rehearsal_in_the_spool_is_not_served(edge: Edge) -> None:
    folder = edge.spool / PUBLIC / "source"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "missing.m4s").write_bytes(b"before the start")
    assert edge.get(f"/media/{PUBLIC}/source/missing.m4s") == (404, b"no")


def test_segment_that_was_cut_off_leaves_the_cache_with_its_revision(edge: Edge) -> None:
    cut, kept = (f"/media/{PUBLIC}/{name}/7-3.m4s" for name in ("cut", "source"))
    before = {path: edge.get(path, Cookie="mc_grant=before")[0] for path in (cut, kept)}
    edge.app.revision = 1
    try:
        after = {path: edge.get(path, Cookie="mc_grant=after")[0] for path in (cut, kept)}
    finally:
        edge.app.revision = 0
    assert (before, after) == ({cut: 200, kept: 200}, {cut: 404, kept: 200})


def test_what_is_not_to_be_kept_lies_in_a_cache_of_its_own(edge: Edge) -> None:
    path = f"/media/{BRIEF}/source/7-4.m4s"
    for _ in range(2):
        assert edge.get(path) == (200, b"from the application")
        assert edge.headers["cache-control"] == "private, no-store"
    assert edge.app.asked[path] == 1
    caches = edge.spool.parent / "nginx" / "cache"
    holding = {one.relative_to(caches).parts[0] for one in caches.rglob("*") if holds(one, path)}
    assert holding == {"brief"}


def holds(file: Path, path: str) -> bool:
    """Tell whether a file of a cache holds the answer of that address."""
    return file.is_file() and f"KEY: {path}|".encode() in file.read_bytes()


def test_stored_segment_is_fetched_once_for_all(edge: Edge) -> None:
    path = f"/media/{PUBLIC}/source/7-2.m4s"
    for cookie in ("mc_grant=a", "mc_grant=b; session=c", ""):
        assert edge.get(path, Cookie=cookie) == (200, b"from the application")
        assert "set-cookie" not in edge.headers
    edge.get(f"/media/{PRIVATE}/source/7-2.m4s", Cookie="mc_grant=good")
    assert edge.headers["cache-control"] == "private, no-cache"
    assert edge.app.asked[path] == 1


def test_missing_segment_is_asked_for_again(edge: Edge) -> None:
    path = f"/media/{PUBLIC}/source/missing.m4s"
    assert [edge.get(path)[0], edge.get(path)[0]] == [404, 404]
    assert edge.app.asked[path] == 2


def test_playlist_is_shared_in_two_codings(edge: Edge) -> None:
    path = f"/media/{PUBLIC}/source/index.m3u8"
    for number in range(5):
        assert edge.get(f"{path}?v={number}") == (200, PLAYLIST)
        status, body = edge.get(path, Accept_Encoding="br, gzip;q=0.9")
        assert (status, gzip.decompress(body)) == (200, PLAYLIST)
    assert edge.app.asked[path] <= 4  # twice, or four times when a second passes in between


def test_playlist_passes_only_the_delta_query(edge: Edge) -> None:
    path = f"/media/{PUBLIC}/sound/index.m3u8"
    edge.get(f"{path}?_HLS_skip=YES&x=1")
    edge.get(f"{path}?_HLS_skip=v2")
    assert edge.app.asked.keys() - {f"/internal/gate/{PUBLIC}"} == {f"{path}?_HLS_skip=YES", path}


def test_audience_is_shared_when_public(edge: Edge) -> None:
    path = "/api/v1/livestreams/abc/audience"
    for cookie in ("a=1", "b=2", ""):
        assert edge.get(path, Cookie=cookie) == (200, b"{}")
    assert edge.app.asked[path] <= 2
    for _ in range(3):
        edge.get("/api/v1/livestreams/abc")
    assert edge.app.asked["/api/v1/livestreams/abc"] == 3


def test_room_state_is_told_without_a_body_to_who_has_it(edge: Edge) -> None:
    path = "/api/v1/livestreams/of0room/audience"
    assert edge.get(f"{path}?whatever=1", Cookie="a=1") == (200, b"{}")
    tag = edge.headers["etag"]
    assert edge.get(path, If_None_Match=tag, Cookie="b=2") == (304, b"")
    assert edge.app.asked[path] <= 2
    assert f"{path}?whatever=1" not in edge.app.asked  # nobody asks past what is kept


def test_all_questions_are_kept_by_the_number_of_the_change(edge: Edge) -> None:
    path = "/api/v1/livestreams/of0room/audience/questions"
    for query in ("?version=7", "?version=7&more=1", "?version=x", "?version=8"):
        assert edge.get(f"{path}{query}") == (200, b"{}")
    asked = {one for one in edge.app.asked if one.startswith(path)}
    assert asked == {path, f"{path}?version=7", f"{path}?version=8"}


def test_chunk_may_be_large_but_a_page_may_not(edge: Edge) -> None:
    assert edge.get("/ingest/chunks/a/k/1", "PUT") == (201, b"3000000")
    assert edge.get("/x", X_Long="a" * 9000)[0] == 400


def test_what_a_viewer_says_of_media_themselves_counts_for_nothing(edge: Edge) -> None:
    said = {"X_Media_Visibility": "public", "X_Media_Revision": "77", "X_Media_Keep": "long"}
    path = f"/media/{PRIVATE}/v1/forged.m4s"
    assert edge.get(path, **said)[0] == 404
    assert edge.get(path, Cookie="mc_grant=good", **said)[0] == 200
    assert edge.headers["cache-control"] == "private, no-cache"
    assert edge.get(path, Cookie="mc_grant=good")[0] == 200
    assert edge.app.asked[path] == 1  # under one and the same revision
    assert edge.get(f"/media/{BRIEF}/v1/forged.m4s", **said)[0] == 200
    assert edge.headers["cache-control"] == "private, no-store"


def test_no_stream_key_gets_into_the_log_when_the_disk_fails(edge: Edge) -> None:
    bodies = edge.spool.parent / "nginx" / "body"
    bodies.rename(bodies.with_name("away"))
    try:
        assert edge.get("/ingest/chunks/one/the-stream-key/0", "PUT")[0] == 500
    finally:
        bodies.with_name("away").rename(bodies)
    assert "the-stream-key" not in (edge.spool.parent / "edge.log").read_text()


def test_page_of_a_licence_may_be_large(edge: Edge) -> None:
    for address in ("/apply/licence", "/zh/apply/licence"):
        assert edge.get(address, "PUT") == (201, b"3000000")

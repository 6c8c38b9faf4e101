"""Promise 7: what a reload of a live playlist costs when the broadcast is two hours old."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.broadcast import Broadcast, database, make_crew, schedule
from bench.calibration import plain_nginx
from bench.figures import Figure, at_least
from bench.house import House, house
from bench.load import HLS_JS, Load, on_one_core, press
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from tests.fakes.shows import Show

AGE = timedelta(hours=2)
SEGMENTS = int(AGE.total_seconds())
SIZE = 300_000
SKIP = "?_HLS_skip=YES"
PROMISED = 5_000


def measure() -> list[Figure]:
    with house() as site:
        broadcast = schedule(site, make_crew(site))
        with growing(site, broadcast) as folder:
            url = f"{folder}source/index.m3u8"
            sizes = {
                "full": weigh(site, url, ""),
                "full, gzip": weigh(site, url, "gzip"),
                "delta": weigh(site, url + SKIP, ""),
                "delta, gzip": weigh(site, url + SKIP, "gzip"),
            }
            edge = site.pids()["edge"]
            with on_one_core(edge):
                delta, full = press(url + SKIP, HLS_JS), press(url, HLS_JS)
    return [
        *(Figure(7, f"reload, {name}", len(body), "bytes") for name, body in sizes.items()),
        *rate_figures("delta", delta, PROMISED, sizes["delta, gzip"]),
        *rate_figures("full", full, 0, sizes["full, gzip"]),
    ]


def rate_figures(name: str, load: Load, promised: float, body: bytes) -> list[Figure]:
    """Say how often a second it is served, and how often plain nginx serves the same bytes."""
    plain = plain_nginx(body)
    note = f"nginx on one core, wrk on another, {load.bad} bad answers"
    return [
        at_least(7, f"reloads a second, {name}, gzip", load.per_second, "/s", promised, note),
        Figure(7, f"plain nginx, {len(body)} bytes", plain, "/s", note="calibration"),
        Figure(7, f"{name}: share of plain nginx", load.per_second / plain, ""),
    ]


@contextmanager
def growing(site: House, broadcast: Broadcast) -> Iterator[str]:
    """Make a two-hour-old broadcast out of rows, give it one more a second; yield its media."""
    show = make_old(site, broadcast)
    stopping = threading.Event()
    writer = threading.Thread(target=grow, args=(site, show, stopping))
    writer.start()
    try:
        yield f"{site.url}/media/{show.id}/"
    finally:
        stopping.set()
        writer.join(30)


def make_old(site: House, broadcast: Broadcast) -> Show:
    """Put 7,200 segments of two renditions behind a livestream."""
    now = utc_now()
    with database(site) as session:
        show = Show(session, now - AGE, "source", "sound")
        show.broadcast.node, show.broadcast.epoch = "bench", 1
        show.broadcast.lease_until = now + AGE  # so that no node of the site takes it
        show.begin_run(0)
        for number in range(SEGMENTS):
            show.add(size=SIZE + number, flush=False)
        session.flush()
        go_live(session, broadcast, show)
    return show


def go_live(session: Session, broadcast: Broadcast, show: Show) -> None:
    """Let a livestream have the media of a show."""
    session.execute(
        update(Livestream)
        .where(Livestream.id == broadcast.livestream_id)
        .values(broadcast_id=show.id, state=LivestreamState.LIVE, started_at=show.now)
    )


def grow(site: House, show: Show, stopping: threading.Event) -> None:
    """Add a segment to both renditions every second."""
    while not stopping.wait(1.0):
        with database(site) as session:
            show.session = session
            show.add(size=SIZE)


def weigh(site: House, url: str, coding: str) -> bytes:
    """Return the body as it travels."""
    time.sleep(1.1)  # the answer before this one must not be the one that is kept
    body = site.get(url, headers={"Accept-Encoding": coding or "identity"}).body
    text = gzip.decompress(body) if coding else body
    if not text.startswith(b"#EXTM3U"):
        message = f"{url} is no playlist: {text[:100]!r}"
        raise ValueError(message)
    return body

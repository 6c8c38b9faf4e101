"""One room under load: playlists and audience state for 10,000 viewers, two hours into a talk.

Each viewer reloads the playlist once a second, as a delta as hls.js asks, and the audience state
every other second, with the tag of what it has: 15,000 requests a second in all.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.broadcast import database, make_crew, schedule
from bench.calibration import CONFIGURATION, flask_hello, plain_nginx, running
from bench.crowd import (
    Asked,
    Seen,
    connections,
    crowd_program,
    press,
    processor_seconds,
    raise_files,
)
from bench.edge import SKIP, growing, weigh
from bench.figures import Figure, at_least, at_most
from bench.house import House, free_port, house
from bench.lengths import length
from bench.load import on_one_core
from bench.load import press as press_hard
from bench.private import SIZE, stored_segment
from catalog.models import Livestream
from core.clock import utc_now
from core.ids import new_id
from media.binaries import nginx_path
from streams.polls.rules import PollDraft
from streams.polls.services import open_poll, write_poll
from streams.questions.models import Question
from streams.room.services import open_room, say_changed

RATE = 15_000
QUESTIONS = 200
STIR = 2.0
"""Seconds between two changes of the room: somebody wants to know it too."""
PYTHON = ("supervisor", "web", "live", "worker", "clock", "presenter")
WARM = 3.0
TURNS = 5


@dataclass(frozen=True)
class Costs:
    """Cores that roles took while the crowd was there."""

    python: float
    edge: float


def measure() -> list[Figure]:
    raise_files()
    seconds = length("ROOM_SECONDS", 60, 15)
    rate = length("ROOM_RATE", RATE, RATE)
    with crowd_program() as program, house() as site:
        crew = make_crew(site)
        broadcast = schedule(site, crew)
        segment = stored_segment(site, schedule(site, crew))
        with growing(site, broadcast) as folder, stirred(site, broadcast.livestream_id):
            state = f"/api/v1/livestreams/{broadcast.livestream_id}/audience"
            body = weigh_state(site, state)
            delta = weigh(site, f"{folder}source/index.m3u8{SKIP}", "gzip")
            asked = what_viewers_ask(urlsplit(folder).path, state)
            press(program, site.url, asked, rate=rate / 10, seconds=WARM)
            before = taken(site)
            seen = press(program, site.url, asked, rate=rate, seconds=seconds)
            costs = cores(before, taken(site), seconds)
        segments = segment_share(site, segment)
        plain = plain_crowd(program, delta, rate, seconds)
    return [
        *load_figures(seen, rate),
        at_most(1, "Python, all roles", costs.python, "cores", 0.2),
        Figure(1, "nginx", costs.edge, "cores"),
        Figure(1, "the generator itself", seen.own_cores, "cores"),
        Figure(1, "audience state, gzip", len(body), "bytes", note=f"{QUESTIONS} questions shown"),
        Figure(1, "playlist at two hours, delta, gzip", len(delta), "bytes"),
        *(Figure(1, f"plain nginx, same rate: {name}", value, unit) for name, value, unit in plain),
        Figure(1, "Flask hello under granian", flask_hello(), "/s", note="calibration"),
        segments,
    ]


def what_viewers_ask(media: str, state: str) -> list[Asked]:
    """Return the mix: reloads, some who have just come, and the state of the room."""
    playlist = f"{media}source/index.m3u8"
    return [
        Asked(62, f"{playlist}{SKIP}"),
        Asked(5, playlist),
        Asked(33, state, keeps_tag=True),
    ]


def load_figures(seen: Seen, rate: float) -> list[Figure]:
    """Say what the crowd saw."""
    note = f"{connections()} keep-alive connections, {seen.unchanged} answers without a body"
    return [
        at_least(1, "requests a second", seen.per_second, "/s", rate * 0.99, note),
        at_most(1, "p99", seen.p99_ms, "ms", 250),
        Figure(1, "p50", seen.p50_ms, "ms"),
        Figure(1, "the slowest", seen.most_ms, "ms"),
        at_most(1, "errors", seen.bad, "", 0),
    ]


def taken(site: House) -> Costs:
    """Return the processor seconds of the roles so far."""
    pids = site.pids()
    edge = processor_seconds(pids["edge"])
    mine = [pids[name] for name in PYTHON if name in pids and name != "supervisor"]
    return Costs(processor_seconds(*mine), edge)


def cores(before: Costs, after: Costs, seconds: float) -> Costs:
    """Return what was taken between two looks, in cores."""
    return Costs((after.python - before.python) / seconds, (after.edge - before.edge) / seconds)


@contextmanager
def stirred(site: House, livestream_id: str) -> Iterator[None]:
    """Fill a room with questions and a poll, and let something change in it all the while."""
    ids = fill(site, livestream_id)
    stopping = threading.Event()

    def stir() -> None:
        while not stopping.wait(STIR):
            with database(site) as session:
                question = session.get_one(Question, ids[0])
                question.votes += 1
                say_changed(session, livestream_id=livestream_id)

    thread = threading.Thread(target=stir)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(30)


def fill(site: House, livestream_id: str) -> list[str]:
    """Show questions and open a poll; return the ids of the questions."""
    now = utc_now()
    with database(site) as session:
        open_room(session, livestream_id=livestream_id, now=now)
        made = [
            Question(
                id=new_id(),
                livestream_id=livestream_id,
                pseudonym=number,
                text=f"How do I know that it is panic and not my heart, number {number}?",
                state="approved",
                votes=number % 40,
                edit_fingerprint=new_id(),
                asked_at=now,
                changed_at=now,
                shown_at=now,
            )
            for number in range(QUESTIONS)
        ]
        session.add_all(made)
        livestream = session.get_one(Livestream, livestream_id)
        draft = PollDraft({"en": "Was it clear?"}, [{"en": "Yes"}, {"en": "No"}])
        poll = write_poll(session, livestream=livestream, draft=draft, now=now)
        open_poll(session, livestream=livestream, poll_id=poll.id, now=now)
        return [one.id for one in made]


def weigh_state(site: House, path: str) -> bytes:
    """Return the state as it travels."""
    time.sleep(1.1)
    return site.get(path, headers={"Accept-Encoding": "gzip"}).body


def plain_crowd(
    program: Path, body: bytes, rate: float, seconds: float
) -> list[tuple[str, float, str]]:
    """Return what the same crowd sees of nginx alone with a file of the size of a playlist."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        (folder / "files").mkdir()
        (folder / "files" / "file").write_bytes(body)
        text = CONFIGURATION.replace("PORT", str(port)).replace("512", "12000")
        text = text.replace("worker_processes 1", "worker_processes 2; worker_rlimit_nofile 20000")
        (folder / "nginx.conf").write_text(text)
        words = [str(nginx_path()), "-p", f"{folder}/", "-c", "nginx.conf"]
        with running(words, port) as pid:
            before = processor_seconds(pid)
            url = f"http://127.0.0.1:{port}"
            seen = press(program, url, [Asked(1, "/file")], rate=rate, seconds=seconds)
            own = (processor_seconds(pid) - before) / seconds
    return [("p99", seen.p99_ms, "ms"), ("errors", seen.bad, ""), ("nginx", own, "cores")]


def segment_share(site: House, path: str) -> Figure:
    """Return how a public segment compares with the same bytes from plain nginx, asked in turns."""
    content = bytes(range(256)) * (SIZE // 256)
    ours, plain = [], []
    for _ in range(TURNS):
        with on_one_core(site.pids()["edge"]):
            ours.append(press_hard(path).per_second)
        plain.append(plain_nginx(content))
    share, note = median(ours) / median(plain), f"{median(ours):,.0f} /s, median of {TURNS}"
    return at_least(1, "public segment / plain nginx", share, "", 0.9, note)

"""Promise 2: how soon a push can be played, and how late a viewer sees it."""

import time
from itertools import pairwise
from statistics import median

from bench.answers import probe
from bench.broadcast import Broadcast, Crew, make_crew, schedule, wait_for
from bench.browser import Watcher, chromium, watcher
from bench.encoder import Encoder
from bench.figures import Figure, at_least, at_most, percentile_95
from bench.house import House, house
from bench.lengths import length
from bench.listings import read_listed
from bench.processes import is_connected

SETTLE = 8.0  # seconds after the first picture in which the player finds its distance
OK = 200


def measure() -> list[Figure]:
    with house() as site:
        crew = make_crew(site)
        return [*first_segments(site, crew), *glass_to_glass(site, crew)]


def first_segments(site: House, crew: Crew) -> list[Figure]:
    rounds = int(length("PUSHES", 5, 3))
    taken = [first_segment(site, crew) for _ in range(rounds)]
    note = f"of {', '.join(f'{one:.2f}' for one in taken)}"
    return [at_most(2, "RTMP push to first playable segment, median", median(taken), "s", 3, note)]


def first_segment(site: House, crew: Crew) -> float:
    """Return the seconds from the encoder's first connection to a segment in the hand."""
    broadcast, port = schedule(site, crew), int(site.services()["rtmp_port"])
    wait_for(lambda: not is_connected(port), 10, "a quiet door")
    encoder = Encoder(broadcast.push_url)
    try:
        wait_for(lambda: is_connected(port), 20, "the encoder")
        began = time.monotonic()
        wait_for(lambda: has_segment(site, broadcast), 20, "the first segment")
        return time.monotonic() - began
    finally:
        encoder.stop()
        broadcast.end()


def has_segment(site: House, broadcast: Broadcast) -> bool:
    urls = read_listed(broadcast).segments()
    return bool(urls) and site.get(urls[0]).status == OK


def glass_to_glass(site: House, crew: Crew) -> list[Figure]:
    broadcast = schedule(site, crew)
    encoder = Encoder(broadcast.push_url)
    try:
        kinds = probe(broadcast.master)
        with chromium() as browser:
            page = watcher(browser, broadcast.page)
            page.open()
            joined = page.play()
            late, stalls = samples(page)
    finally:
        encoder.stop()
        broadcast.end()
    note = f"median {median(late):.2f} s, worst {max(late):.2f} s, {stalls} samples stood still"
    return [
        at_least(2, "samples", len(late), "samples", 60),
        at_most(2, "glass to glass, 95th percentile", percentile_95(late), "s", 3.5, note),
        Figure(2, "page loaded to moving picture", joined, "s"),
        kinds_figure("live", kinds),
    ]


def samples(page: Watcher) -> tuple[list[float], int]:
    """Return how late each sample was in seconds, and how many showed the frame before."""
    page.page.wait_for_timeout(SETTLE * 1000)
    seen = []
    for _ in range(int(length("SAMPLES", 120, 60))):
        seen.append(page.look())
        page.page.wait_for_timeout(350)
    still = sum(one.clock == other.clock for one, other in pairwise(seen))
    return [one.late / 1000 for one in seen], still


def kinds_figure(state: str, kinds: list[str]) -> Figure:
    """Say whether ffprobe found picture and sound."""
    whole = kinds == ["audio", "video"]
    return Figure(
        6, f"ffprobe of a {state} broadcast", len(kinds), "streams", "2", whole, f"{kinds}"
    )

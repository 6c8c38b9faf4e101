"""Promise 2 of the studio: whatever befalls a host's browser, nothing that was recorded is lost."""

import os
import signal
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.answers import decoding_errors
from bench.broadcast import Broadcast, make_crew, schedule
from bench.clocks import gaps, read_clocks, read_runs, span
from bench.figures import Figure, at_least, at_most
from bench.house import House, house
from bench.lengths import QUICK, length
from bench.listings import Listed, digests, read_ended, stored_digests, wrong
from bench.processes import descendants
from bench.studio import Studio, studio

CUTS = (1.0, 6.0, 15.0) if QUICK else (1.0, 10.0, 60.0)
KILLS_FROM = 12.0  # seconds; in a cut that is longer, web and live are killed meanwhile
TOLD_FROM = 6.0
TOLD = 5.0  # seconds until viewers are told of an interruption
BACK = 5.0  # the browser tries every two seconds, viewers' state is kept for one
SEGMENT = 1.0  # per recording


@dataclass
class Cut:
    """What viewers and the page were told of a cut; infinite: not at all."""

    seconds: float
    told: float = float("inf")
    back: float = float("inf")
    sent: float = float("inf")


def measure() -> list[Figure]:
    with house() as site:
        broadcast = schedule(site, make_crew(site))
        with studio(broadcast) as host:
            cuts = interrupt(host)
            rest = host.stop()
            lost = float(host.state()["lostSeconds"])
            broadcast.end()
            broadcast.wait_published()
            listed = read_ended(broadcast)
            return [
                *(figure for cut in cuts for figure in cut_figures(cut)),
                at_most(2, "seconds that the browser kept at the end", rest, "s", 0),
                at_most(2, "seconds that the browser gave up", lost, "s", 0),
                at_most(2, "errors of the page", len(host.errors), "", 0, f"{host.errors[:2]}"),
                *replay_figures(host, broadcast, listed),
            ]


def interrupt(host: Studio) -> list[Cut]:
    """Let everything befall one broadcast."""
    pause, site = length("INTERRUPTION_PAUSE", 8, 4), host.broadcast.site
    host.go_on_air()
    host.wait(pause)
    cuts = []
    for number, seconds in enumerate(CUTS):
        cuts.append(cut(host, seconds, host.hole() if number == 1 else host.cut()))
        host.wait(pause)
    for befall in (host.reload, host.crash, host.die):
        befall()
        print(f"{befall.__name__}: on air again", flush=True)
        host.wait(pause)
    for name in ("live", "web"):
        kill(site, name)
        host.wait(pause)
        print(f"killed {name}: sent after {host.wait_sent():.1f} s more", flush=True)
    return cuts


def cut(host: Studio, seconds: float, network: AbstractContextManager[None]) -> Cut:
    """Take the network away, and look at what viewers are told."""
    found, began = Cut(seconds), time.monotonic()
    kills = ["live", "web"] if seconds >= KILLS_FROM else []
    with network:
        while (passed := time.monotonic() - began) < seconds:
            host.wait(0.2)
            if found.told > passed and is_interrupted(host.broadcast):
                found.told = time.monotonic() - began
            if kills and passed > TOLD_FROM + len(kills):
                kill(host.broadcast.site, kills.pop())
    print(f"cut of {seconds:g} s: {host.state()}", flush=True)
    ended = time.monotonic()
    while is_interrupted(host.broadcast) and time.monotonic() - ended < 2 * BACK:
        host.wait(0.1)
    found.back = time.monotonic() - ended
    found.sent = host.wait_sent()
    return found


def is_interrupted(broadcast: Broadcast) -> bool:
    """Tell whether viewers are told of an interruption; an answer that fails tells nothing."""
    answer = broadcast.site.get(f"/api/v1/livestreams/{broadcast.livestream_id}/audience")
    return answer.status == 200 and bool(answer.json["interrupted"])  # noqa: PLR2004 -- HTTP's OK


def kill(site: House, name: str) -> None:
    """Kill `live`, or the process that answers for the web."""
    pid = site.pids()["live"] if name == "live" else descendants(site.pids()["web"])[0]
    os.kill(pid, signal.SIGKILL)
    print(f"killed {name}", flush=True)


def cut_figures(cut: Cut) -> list[Figure]:
    """Say what viewers saw of a cut, and how soon all of it had arrived."""
    name = f"network cut for {cut.seconds:g} s"
    figures = [Figure(2, f"{name}: all sent after", cut.sent, "s")]
    if cut.seconds >= TOLD_FROM:
        figures += [
            at_most(2, f"{name}: viewers told after", cut.told, "s", TOLD),
            at_most(2, f"{name}: taken back after", cut.back, "s", BACK),
        ]
    return figures


def replay_figures(host: Studio, broadcast: Broadcast, listed: Listed) -> list[Figure]:
    """Compare the replay with what the page recorded, by its length and by its clocks."""
    recorded, seconds = sum(host.recorded), listed.seconds("source")
    urls = listed.inits() + listed.segments()
    mistaken = wrong(digests(broadcast.site, urls), stored_digests(broadcast))
    errors = run_errors(broadcast, listed)
    clocks = read_clocks(broadcast, listed)
    inside, longest = missing(clocks, run_seconds(listed)), longest_step(clocks)
    note = f"{seconds:.2f} s of {recorded:.2f} s in {len(host.recorded)} recordings"
    apart = abs(recorded - seconds)
    runs = f"{len(clocks)} runs; longest step {longest:.0f} ms: a busy machine paints late"
    return [
        at_most(2, "replay and recordings apart", apart, "s", SEGMENT * len(host.recorded), note),
        at_least(2, "replay's seconds", seconds, "s", sum(CUTS)),
        at_most(2, "missing inside of runs, by their clocks", inside, "s", SEGMENT, runs),
        at_most(2, "not as their row says", len(mistaken), "", 0, f"of {len(urls)} objects"),
        at_most(2, "ffmpeg's complaints of the runs", len(errors), "", 0, f"{errors[:2]}"),
    ]


def run_seconds(listed: Listed) -> list[float]:
    """Return how long the playlist says that each run is."""
    found: dict[str, float] = {}
    for one in listed.parsed["source"].segments:
        found[one.init_uri] = found.get(one.init_uri, 0.0) + one.duration_us / 1_000_000
    return list(found.values())


def missing(clocks: list[list[int]], seconds: list[float]) -> float:
    """Return how much further the clock went within runs than their media lasts, in seconds."""
    pairs = zip(clocks, seconds, strict=True)
    return sum(max(0.0, span([run]) - length) for run, length in pairs)


def longest_step(clocks: list[list[int]]) -> float:
    """Return the longest time between two frames of one run, in milliseconds."""
    return max((gap.milliseconds for run in clocks for gap in gaps([run])), default=0.0)


def run_errors(broadcast: Broadcast, listed: Listed) -> list[str]:
    """Decode run by run, as players do; the HLS reader of ffmpeg keeps one parser for all."""
    found = []
    for data in read_runs(broadcast, listed):
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            Path(file.name).write_bytes(data)
            found += decoding_errors(file.name)
    return found

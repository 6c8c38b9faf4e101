"""Promise 4: every process of a running site is killed once during one broadcast."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.answers import decoding_errors
from bench.broadcast import Broadcast, make_crew, schedule
from bench.clocks import gaps, read_clocks, span
from bench.encoder import Encoder
from bench.figures import Figure, at_most
from bench.house import House, house
from bench.lengths import length
from bench.listings import digests, read_listed, stored_digests, wrong
from bench.polls import Poller
from bench.processes import command, descendants

GOES_ON = 5.0  # seconds until a segment that began after the fault is listed
SEGMENT = 1.0  # seconds; what one fault may cost


@dataclass
class Fault:
    """One kill: when by the poller's clock, and by the wall clock in seconds."""

    name: str
    at: float
    moment: float


def measure() -> list[Figure]:
    with house() as site:
        broadcast = schedule(site, make_crew(site))
        encoder = Encoder(broadcast.push_url)
        try:
            print(f"plays at {broadcast.master}", flush=True)
            poller = Poller(broadcast)
            poller.start()
            faults = make_faults(site, length("FAULT_PAUSE", 8, 8))
            broadcast.end()
            broadcast.wait_published()
            poller.stop()
            return [*live_figures(poller, faults), *replay_figures(broadcast, faults)]
        finally:
            encoder.stop()


def victims(site: House) -> dict[str, Callable[[], int]]:
    """Return how to find each process when its turn comes."""
    return {
        "packager": lambda: packager(site),
        "live": lambda: site.pids()["live"],
        "worker": lambda: site.pids()["worker"],
        "clock": lambda: site.pids()["clock"],
        "web": lambda: descendants(site.pids()["web"])[0],
    }


def packager(site: House) -> int:
    """Return the ffmpeg below `live`."""
    return next(pid for pid in descendants(site.pids()["live"]) if "ffmpeg" in command(pid))


def make_faults(site: House, pause: float) -> list[Fault]:
    """Kill one after the other, with a pause before and after each."""
    faults = []
    for name, find in victims(site).items():
        time.sleep(pause)
        pid = find()
        faults.append(Fault(name, time.monotonic(), time.time()))
        os.kill(pid, signal.SIGKILL)
        print(f"killed {name}", flush=True)
    time.sleep(pause)
    return faults


def live_figures(poller: Poller, faults: list[Fault]) -> list[Figure]:
    """Say how soon each fault was over, and what the poller saw of it."""
    figures = [
        at_most(
            4,
            f"kill -9 of {fault.name}: until a newer segment is listed",
            poller.seconds_until_news(fault.at, fault.moment),
            "s",
            GOES_ON,
        )
        for fault in faults
    ]
    found = poller.findings()
    note = f"in {poller.count} playlists {found[:3] or ''}"
    return [
        *figures,
        at_most(6, "findings during faults", len(found), "", 0, note),
        Figure(4, "answers that were no playlist", poller.refusals, "", note=poller.statuses()),
    ]


def replay_figures(broadcast: Broadcast, faults: list[Fault]) -> list[Figure]:
    """Say what the replay lacks, by the clock in its picture."""
    listed = read_listed(broadcast)
    urls = listed.inits() + listed.segments()
    mistaken = wrong(digests(broadcast.site, urls), stored_digests(broadcast))
    clocks = read_clocks(broadcast, listed)
    lost = span(clocks) - listed.seconds("source")
    runs = f"{len(clocks)} runs, {listed.seconds('source'):.2f} s of {span(clocks):.2f} s"
    errors = decoding_errors(broadcast.master)
    return [
        at_most(4, "media lost in all", lost, "s", SEGMENT * len(faults), runs),
        *(gap_figure(fault, clocks) for fault in faults),
        at_most(4, "not as their row says", len(mistaken), "", 0, f"of {len(urls)} objects"),
        at_most(4, "ffmpeg's complaints of the replay", len(errors), "", 0, f"{errors[:2] or ''}"),
    ]


def gap_figure(fault: Fault, clocks: list[list[int]]) -> Figure:
    """Say how much of the picture is missing around one fault."""
    moment = int(fault.moment * 1000) % 2**40
    near = [gap for gap in gaps(clocks) if -3000 < gap.after_ms - moment < 5000]  # noqa: PLR2004 -- ms
    lost = sum(gap.milliseconds for gap in near) / 1000
    return at_most(4, f"kill -9 of {fault.name}: picture lost", lost, "s", SEGMENT)

"""Promise 9: memory of the whole site, idle and with one broadcast, without the presenter."""

import time

from bench.broadcast import make_crew, schedule
from bench.encoder import Encoder
from bench.figures import Figure, at_most
from bench.house import House, house
from bench.lengths import length
from bench.processes import command, descendants, memory

GIB = 2**30
MIB = 2**20
TITLES = ("mindcast:", "nginx:")


def measure() -> list[Figure]:
    with house() as site:
        time.sleep(length("IDLE_SECONDS", 30, 15))
        figures = weigh(site, "idle", 0.8)
        crew = make_crew(site)
        broadcast = schedule(site, crew)
        encoder = Encoder(broadcast.push_url)
        try:
            print(f"plays at {broadcast.master}")
            time.sleep(length("LIVE_SECONDS", 30, 15))
            return figures + weigh(site, "one broadcast", 1.2)
        finally:
            encoder.stop()


def weigh(site: House, name: str, limit: float) -> list[Figure]:
    """Return the sum, and below it what each process takes."""
    pids = [site.process.pid, *descendants(site.process.pid)]
    sizes = {pid: memory(pid) for pid in pids}
    whole = at_most(9, f"memory, {name}", sum(sizes.values()) / GIB, "GiB", limit)
    each = [
        Figure(9, f"{name}: {called(pid)}", size / MIB, "MiB")
        for pid, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]
    return [whole, *each]


def called(pid: int) -> str:
    """Return a short name: the title that a process gave itself, or its program and first word."""
    words = command(pid).split()
    if words and words[0] in TITLES:
        return " ".join(words)
    return " ".join(word.rpartition("/")[2] for word in words[:3])

"""Twenty clients who want the same people and rooms: no overlap is stored, nobody waits long."""

import time
from statistics import median

from bench.catalogue import database
from bench.figures import Figure, at_most, percentile_99
from bench.lengths import length
from bench.overlap_clients import Outcome, one_row_each, operations_of, run_clients
from bench.overlap_rows import stored_overlaps, stored_reservations

PROMISE = 1
CLIENTS = 20
LIMITS = {"sqlite": 1000, "postgresql": 250}
"""Milliseconds for the 99th percentile, commit included."""


def measure() -> list[Figure]:
    each = int(length("OVERLAP_OPERATIONS", 10_000, 2_000)) // CLIENTS
    return [figure for kind, limit in LIMITS.items() for figure in measure_on(kind, limit, each)]


def measure_on(kind: str, limit: int, each: int) -> list[Figure]:
    """Let all clients work on one database, first on one row each: what the machine can do."""
    with database(kind, livestreams=20) as url:
        floor = run_clients(url, one_row_each, clients=CLIENTS, each=each // 5)
        began = time.monotonic()
        outcomes = run_clients(url, operations_of, clients=CLIENTS, each=each)
        seconds = time.monotonic() - began
        overlaps, stored = stored_overlaps(url), stored_reservations(url)
    note = f"one row in a transaction took the same clients {floor_note(floor)}"
    times = [one.milliseconds for one in outcomes]
    return [
        at_most(PROMISE, f"{kind}: overlaps stored", overlaps, "", 0, f"of {stored} reservations"),
        at_most(PROMISE, f"{kind}: unhandled errors", errors(outcomes), "", 0, ended(outcomes)),
        Figure(PROMISE, f"{kind}: half of the operations", median(times), "ms"),
        at_most(PROMISE, f"{kind}: 99 of 100", percentile_99(times), "ms", limit, note),
        Figure(PROMISE, f"{kind}: the slowest", max(times), "ms"),
        Figure(PROMISE, f"{kind}: operations", len(times) / seconds, "/s"),
    ]


def errors(outcomes: list[Outcome]) -> int:
    """Return how many ended in anything but success or a refusal."""
    return sum(one.is_error for one in outcomes)


def ended(outcomes: list[Outcome]) -> str:
    """Say how the operations ended, the most frequent first."""
    names = [f"{one.act} {one.end}" for one in outcomes]
    return ", ".join(f"{names.count(name)} {name}" for name in sorted(set(names)))


def floor_note(floor: list[Outcome]) -> str:
    """Say how long the least that a database can do takes the same clients."""
    times = [one.milliseconds for one in floor]
    return f"{median(times):.1f} ms, 99 of 100 {percentile_99(times):.0f} ms"

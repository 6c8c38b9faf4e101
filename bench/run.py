"""``make bench``: run the benchmarks, all or those named in ARGS; 1 when a promise was missed."""

import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the checkout, not this folder

BENCHMARKS = (
    "calibration",
    "start",
    "latency",
    "throttle_live",
    "replay",
    "replay_start",
    "throttle_replay",
    "faults",
    "away",
    "ingest_cpu",
    "edge",
    "private",
    "memory",
    "pages",
    "lighthouse",
    "schedule",
    "feed",
    "board",
    "ladder",
    "upload",
    "overlaps",
    "open_times",
    "matching",
    "reminders",
    "studio_latency",
    "interruptions",
    "trim",
    "not_recorded",
    "search",
    "room",
    "questions",
    "approval",
    "speech",
)
"""Modules beside this one; each has ``measure() -> list[Figure]``."""


def main(names: list[str]) -> int:
    """Run them in order; one that cannot be finished counts as a promise missed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # every site is ended on the way out
    return 1 if sum(run(name) for name in names or BENCHMARKS) else 0


def run(name: str) -> int:
    """Run one, print and keep its figures; return how many promises it missed."""
    from bench.figures import keep  # noqa: PLC0415 -- after the path is set

    print(f"\n{name}", flush=True)
    try:
        figures = import_module(f"bench.{name}").measure()
    except SystemExit as stop:
        if not isinstance(stop.code, str):
            raise
        print(f"FAILED: {stop.code}", flush=True)
        return 1
    except Exception:  # noqa: BLE001 -- the others are measured all the same
        traceback.print_exc()
        return 1
    keep(name, figures)
    for figure in figures:
        print(figure.line(), flush=True)
    return sum(figure.met is False for figure in figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``make bench``: run the benchmarks, all or those named in ARGS; 1 when a promise was missed."""

import signal
import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the checkout, not this folder

BENCHMARKS = (
    "calibration",
    "start",
    "latency",
    "replay",
    "faults",
    "away",
    "edge",
    "private",
    "memory",
)
"""Modules beside this one; each has ``measure() -> list[Figure]``."""


def main(names: list[str]) -> int:
    """Run them in order; 1 when a promise was missed."""
    from bench.figures import keep  # noqa: PLC0415 -- after the path is set

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # every site is ended on the way out
    missed = 0
    for name in names or BENCHMARKS:
        print(f"\n{name}", flush=True)
        figures = import_module(f"bench.{name}").measure()
        keep(name, figures)
        for figure in figures:
            print(figure.line(), flush=True)
        missed += sum(figure.met is False for figure in figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

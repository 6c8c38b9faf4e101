"""How long a benchmark takes: in full, short with ``BENCH_QUICK=1``, or as ``BENCH_<NAME>`` is."""

import os

QUICK = os.environ.get("BENCH_QUICK") == "1"


def length(name: str, full: float, quick: float) -> float:
    """Return a duration or a count for this run."""
    return float(os.environ.get(f"BENCH_{name}", quick if QUICK else full))

"""Figures of a benchmark: what was measured, against what was promised."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured value; ``met`` is None where nothing was promised."""

    promise: int
    name: str
    value: float
    unit: str
    limit: str = ""
    met: bool | None = None
    note: str = ""

    def line(self) -> str:
        """Return the figure as one line for a terminal."""
        mark = {True: "ok  ", False: "MISS", None: "    "}[self.met]
        limit = f"  ({self.limit})" if self.limit else ""
        note = f"  {self.note}" if self.note else ""
        return f"{mark} {self.promise:>2}  {self.name}: {self.value:,.3g} {self.unit}{limit}{note}"


def at_most(
    promise: int, name: str, value: float, unit: str, limit: float, note: str = ""
) -> Figure:
    """Return a figure that was promised to stay below a limit."""
    return Figure(promise, name, value, unit, f"at most {limit:g}", value <= limit, note)


def at_least(
    promise: int, name: str, value: float, unit: str, limit: float, note: str = ""
) -> Figure:
    """Return a figure that was promised to reach a limit."""
    return Figure(promise, name, value, unit, f"at least {limit:g}", value >= limit, note)


def percentile_95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else median(values)


def percentile_99(values: list[float]) -> float:
    """Return the 99th percentile."""
    return quantiles(values, n=100)[-1] if len(values) > 1 else median(values)


def keep(name: str, figures: list[Figure]) -> None:
    """Write the figures of one benchmark beside the others."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps([asdict(figure) for figure in figures], indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n")

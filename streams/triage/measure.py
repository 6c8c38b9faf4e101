"""Confusion tables of the labelled sets: ``python -m streams.triage.measure [--misses]``.

A set is a file of lines ``tier<TAB>text``. ``--misses`` shows the single lines of the sets that are
tuned on; those of the sets kept apart (``*_held_out``) are never shown, or they would be tuned on.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.triage.rules import TIERS, Tier, tier_of

FOLDER: Final = Path("tests/streams/triage/data")
KEPT_APART: Final = "held_out"


@dataclass(frozen=True, slots=True)
class Table:
    """How often a text that is labelled so was given each tier: ``counts[label, tier]``."""

    counts: Counter[tuple[str, str]]

    def share(self, label: str, *tiers: Tier) -> float:
        """Return which part (0 to 1) of the texts labelled ``label`` was given one of ``tiers``."""
        all_of_it = sum(self.counts[label, tier] for tier in TIERS)
        return sum(self.counts[label, tier] for tier in tiers) / all_of_it if all_of_it else 0.0

    @property
    def recall(self) -> float:
        """Return which part of the texts labelled high was given high."""
        return self.share("high", "high")

    @property
    def high_on_low(self) -> float:
        """Return which part of the harmless texts rings the alarm."""
        return self.share("low", "high")

    @property
    def any_on_low(self) -> float:
        """Return which part of the harmless texts is marked at all."""
        return self.share("low", "medium", "high")


def read_set(file: Path) -> list[tuple[str, str]]:
    """Return the pairs of label and text of a set.

    Raises:
        ValueError: A line without a tab.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, text in (line.split("\t", 1) for line in lines)]


def table_of(pairs: Iterable[tuple[str, str]]) -> Table:
    """Return how a set is sorted by the lexicon as it is."""
    return Table(Counter((label, tier_of(text).tier) for label, text in pairs))


def report(folder: Path, *, misses: bool) -> Iterator[str]:
    """Yield the lines of the report about every set in a folder."""
    for file in sorted(folder.glob("*.tsv")):
        pairs = read_set(file)
        yield f"\n{file.stem} ({len(pairs)} texts)"
        yield from _drawn(table_of(pairs))
        if misses and KEPT_APART not in file.stem:
            yield from _misses(pairs)


def _drawn(table: Table) -> Iterator[str]:
    yield f"{'labelled':>10} │" + "".join(f"{tier:>8}" for tier in TIERS)
    for label in TIERS:
        yield f"{label:>10} │" + "".join(f"{table.counts[label, tier]:>8}" for tier in TIERS)
    noticed = table.share("high", "medium", "high")
    yield f"high found high {table.recall:.1%}, medium or high {noticed:.1%}"
    yield f"medium found {table.share('medium', 'medium', 'high'):.1%}"
    yield f"low called high {table.high_on_low:.1%}, low called anything {table.any_on_low:.1%}"


def _misses(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for label, text in pairs:
        verdict = tier_of(text)
        if verdict.tier != label:
            yield f"  {label} → {verdict.tier}: {text} {list(verdict.matched)}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report(FOLDER, misses="--misses" in sys.argv))

"""How urgent a text sounds, by the lexicon of phrases that clinicians keep. Pure.

The lexicon is data (``lexicon/*.toml``): no entry in it has been signed by a clinician yet. A tier
decides who is shown help and who is alerted, never what a person has: recall comes first.
docs/risk-lexicon.md says how it is kept and what it cannot do.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from core.phrases import Found
from streams.triage.lexicon import redirect_book, risk_book

Tier: TypeAlias = Literal["low", "medium", "high"]
Redirect: TypeAlias = Literal["", "diagnosis", "dosing"]

TIERS: Final[tuple[Tier, ...]] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How urgent a text sounds; ``matched`` are ids of entries, the most urgent first."""

    tier: Tier
    redirect: Redirect = ""
    """Which prepared words the asker reads at once: ``diagnosis``, ``dosing`` or none."""
    matched: tuple[str, ...] = ()


def make_ready() -> None:
    """Read and compile the lexicon, which takes seconds: else whoever asks first waits for it."""
    tier_of("")


def tier_of(text: str) -> Verdict:
    """Return how urgent ``text`` sounds, in English, Chinese or both mixed; it never fails."""
    return _verdict(risk_book().find(text), redirect_book().find(text))


def _verdict(risks: list[Found], redirects: list[Found]) -> Verdict:
    weighed = sorted(risks, key=lambda found: -TIERS.index(cast("Tier", found.tier)))
    matched = tuple(dict.fromkeys(found.entry.id for found in weighed if found.tier != "low"))
    tier = cast("Tier", weighed[0].tier) if weighed else "low"
    redirect = next((found.tier for found in redirects if found.tier), "")
    return Verdict(tier, cast("Redirect", redirect), matched)

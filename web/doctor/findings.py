"""What was looked at: a state, one line of what was seen, and what to do where it failed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a finding is."""

    OK = "ok"
    OFF = "off"  # not running, which is no fault
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` says what to do when it failed."""

    state: State
    seen: str
    advice: str = ""


def failed(seen: str, advice: str) -> Finding:
    """Return a fault and what to do about it."""
    return Finding(State.FAILED, seen, advice)


def judged(seen: str, advice: str, *, well: bool) -> Finding:
    """Return what was seen; the advice is given only where it is needed."""
    return Finding(State.OK, seen) if well else failed(seen, advice)


def as_document(findings: dict[str, Finding]) -> dict[str, Any]:
    """Return the findings for JSON."""
    return {
        name: {"state": found.state.value, "seen": found.seen, "advice": found.advice}
        for name, found in findings.items()
    }


def as_lines(findings: dict[str, Finding]) -> list[str]:
    """Return the findings for a terminal; what to do stands below what failed."""
    lines = []
    for name, found in findings.items():
        lines.append(f"{found.state.value:<7}{name:<11}{found.seen}")
        if found.advice:
            lines.append(f"{'':<18}{found.advice}")
    return lines


def is_well(findings: dict[str, Finding]) -> bool:
    """Whether nothing failed."""
    return all(found.state is not State.FAILED for found in findings.values())

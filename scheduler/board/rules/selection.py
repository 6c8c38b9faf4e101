"""What the board is narrowed to, as its address says. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from catalog.enums import LivestreamState as L
from core.words import LANGUAGES

STATES: Final = (L.PROPOSED, L.SCHEDULED, L.LIVE, L.ENDED, L.PUBLISHED, L.CANCELLED, L.MISSED)
"""What the board shows; a draft is its host's own."""
OPEN_SLOT: Final = "open"
PROBLEMS: Final = "problems"
LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Selection:
    """An empty field narrows nothing."""

    topic: str = ""
    host: str = ""
    """An id, or part of a name."""
    language: str = ""
    state: str = ""
    """One of :data:`STATES`, :data:`OPEN_SLOT` or :data:`PROBLEMS`."""

    def active(self) -> dict[str, str]:
        """Return the fields that narrow something, in their order."""
        return {name: value for name, value in asdict(self).items() if value}

    def without(self, name: str) -> "Selection":
        """Return the selection with one field emptied."""
        return replace(self, **{name: ""})

    @property
    def shows_slots(self) -> bool:
        """Whether open slots can be among what is selected: they have no host."""
        return not self.host and self.state in {"", OPEN_SLOT}

    @property
    def shows_livestreams(self) -> bool:
        """Whether livestreams can be among what is selected."""
        return self.state != OPEN_SLOT


def selection_of(fields: Mapping[str, str]) -> Selection:
    """Return what the fields of an address select; what makes no sense selects nothing."""
    states = (*STATES, OPEN_SLOT, PROBLEMS)
    return Selection(
        topic=_text(fields.get("topic", "")),
        host=_text(fields.get("host", "").strip()),
        language=_one_of(fields.get("language", ""), LANGUAGES),
        state=_one_of(fields.get("state", ""), states),
    )


def query_of(selection: Selection, first: date | None = None) -> str:
    """Return the query of an address, with its question mark; nothing for the default."""
    fields = ({"date": first.isoformat()} if first else {}) | selection.active()
    return f"?{urlencode(fields)}" if fields else ""


def _text(value: str) -> str:
    return value if value.isprintable() and len(value) <= LONGEST else ""


def _one_of(value: str, choices: tuple[str, ...]) -> str:
    return value if value in choices else ""

"""Crisis help by place: reviewed data that is read once and needs no database.

``crisis.json`` names for each place the line, its hours, languages, channels, cost, who answers,
who owns it, the operator's own page, the day somebody last compared the entry, and with what: a
copy of the operator's or ministry's own page, or reports by others. It stands in the order of the
English names.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import get_global

from core.words import CHINESE, Words, in_language

FILE = Path(__file__).with_name("crisis.json")
SHORT_LIST = 3
"""How many places the window shows: a person in need does not scroll."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a line; ``kind`` is ``voice``, ``text`` or ``chat``."""

    kind: str
    address: str
    label: Words

    @property
    def href(self) -> str:
        """What a link to it points at."""
        if self.kind == "chat":
            return self.address
        scheme = {"voice": "tel", "text": "sms"}[self.kind]
        return f"{scheme}:{self.address.replace(' ', '')}"


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency number and when to call it."""

    number: str
    purpose: Words

    @property
    def href(self) -> str:
        """What a link to it points at."""
        return f"tel:{self.number}"


@dataclass(frozen=True, slots=True)
class Place:
    """A country or region and its line; ``otherwise`` says what to do when nobody answers."""

    id: str
    territories: tuple[str, ...]
    """ISO 3166 codes; the viewer's time zone picks the place that is shown first."""
    name: Words
    line: Words
    number: str
    hours: Words
    languages: Words
    channels: tuple[Channel, ...]
    cost: Words
    answered_by: Words
    owner: Words
    source: str
    basis: str
    """``own_page`` when the number stood in a copy of that page, else ``reports`` by others."""
    last_verified: date
    otherwise: Words
    emergency: tuple[Emergency, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Every place, seen from where the viewer is; ``own`` is None where no place is known."""

    own: Place | None
    others: tuple[Place, ...]

    def shortlist(self) -> tuple[Place, ...]:
        """Return the few places of the window: the viewer's own, then those asked for most."""
        own = (self.own,) if self.own else ()
        common = tuple(place for place in _common() if place != self.own)
        return (own + common)[:SHORT_LIST]

    def others_in(self, language: str) -> list[Place]:
        """Return the other places in the order in which a reader of ``language`` looks them up."""
        return sorted(self.others, key=lambda place: _sort_key(place.name, language))


@cache
def all_places() -> tuple[Place, ...]:
    """Return every place, in the order of the file."""
    return tuple(_place(entry) for entry in _file()["places"])


def places_for(zone: str) -> Places:
    """Return the places as seen from ``zone`` (an IANA name, old spellings too)."""
    territory = _territory(zone)
    own = next((place for place in all_places() if territory in place.territories), None)
    return Places(own, tuple(place for place in all_places() if place != own))


def _territory(zone: str) -> str | None:
    """Some browsers still say Asia/Calcutta for Asia/Kolkata."""
    current = get_global("zone_aliases").get(zone, zone)
    territory: str | None = get_global("zone_territories").get(current)
    return territory


def _sort_key(name: Words, language: str) -> bytes:
    """Common characters stand in the order of their pinyin in GB 18030."""
    encoding = "gb18030" if language == CHINESE else "utf-8"
    return in_language(name, language).encode(encoding)


@cache
def _common() -> tuple[Place, ...]:
    by_id = {place.id: place for place in all_places()}
    return tuple(by_id[name] for name in _file()["shown_first"])


@cache
def _file() -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return entries


def _place(entry: dict[str, Any]) -> Place:
    return Place(
        **{
            **entry,
            "territories": tuple(entry["territories"]),
            "channels": tuple(Channel(**channel) for channel in entry["channels"]),
            "emergency": tuple(Emergency(**number) for number in entry["emergency"]),
            "last_verified": date.fromisoformat(entry["last_verified"]),
        }
    )

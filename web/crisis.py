"""Crisis help by place: reviewed data that is read once and needs no database.

``crisis.json`` names for each place the line, its hours, languages, channels, cost, who answers,
who owns it, the operator's own page and the day somebody last compared the entry with that page.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import get_global

from core.words import Words

FILE = Path(__file__).with_name("crisis.json")


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
    last_verified: date
    otherwise: Words
    emergency: tuple[Emergency, ...]


@cache
def all_places() -> tuple[Place, ...]:
    """Return every place, in the order of the file."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))["places"]
    return tuple(_place(entry) for entry in entries)


def places_for(zone: str) -> tuple[Place, ...]:
    """Return every place, with the one in which ``zone`` (an IANA name) lies first."""
    territory = get_global("zone_territories").get(zone)
    return tuple(sorted(all_places(), key=lambda place: territory not in place.territories))


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

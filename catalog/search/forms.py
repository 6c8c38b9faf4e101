"""The search in the address: what was typed and chosen, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from catalog.enums import Audience
from catalog.forms import typed_day
from catalog.queries import Filters
from catalog.search.enums import Length, When
from catalog.search.queries.finding import Wanted
from catalog.search.rules.asking import LONGEST_TEXT
from core.words import LANGUAGES, storable

CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "language": frozenset(LANGUAGES),
    "state": frozenset(When),
    "length": frozenset(Length),
    "audience": frozenset(Audience),
}
DAYS: Final = ("from", "to")
LAST_DIGITS: Final = 3  # of a page number


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What stands in the address; a choice that names nothing there is counts as none."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    def address(self, *, page: int = 1, text: str | None = None) -> dict[str, str]:
        """Return the query of this search, on another page or with other words."""
        said = {"q": self.text if text is None else text, **self.chosen}
        return {**said, "page": str(page)} if page > 1 else said

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """Return what it is narrowed to; days are those of the reader's zone."""
        get = self.chosen.get
        filters = Filters(
            topic=get("topic", ""),
            language=get("language", ""),
            audience=get("audience", ""),
            starts_from=_midnight(get("from", ""), zone),
            starts_to=_midnight(get("to", ""), zone, days=1),
        )
        return Wanted(filters, when=get("state", ""), length=get("length", ""))


def read_search(given: Mapping[str, str], topics: frozenset[str]) -> SearchForm:
    """Return the search that an address asks for; ``topics`` are the slugs there are."""
    known = {**CHOICES, "topic": topics}
    chosen = {name: given[name] for name, values in known.items() if given.get(name) in values}
    chosen |= {name: given[name] for name in DAYS if typed_day(given.get(name, "")) is not None}
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= LAST_DIGITS else 1
    text = " ".join(storable(given.get("q", ""))[:LONGEST_TEXT].split())
    return SearchForm(text, chosen, max(1, number))


def _midnight(day: str, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    found = typed_day(day)
    if found is None:
        return None
    return datetime.combine(found + timedelta(days=days), time(), zone)

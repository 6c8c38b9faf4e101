"""What lists of livestreams are narrowed to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from catalog.models import Host, Livestream
from catalog.queries.belonging import is_about, is_for, is_in_series
from core.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of livestreams is narrowed to; empty means everything."""

    states: tuple[str, ...] = ()
    topic: str = ""
    language: str = ""
    starts_from: datetime | None = None
    starts_to: datetime | None = None
    text: str = ""
    host_id: str = ""
    audience: str = ""
    series_id: str = ""
    visibility: str = ""
    newest_first: bool = False
    """By start, the latest first; a cursor then goes back in time."""


NO_FILTERS: Final = Filters()


def conditions_of(filters: Filters, *, counting: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions of ``filters`` on livestreams, for ``text`` on their hosts as well.

    ``counting`` is for a query that needs all rows (see :mod:`catalog.queries.belonging`).
    """
    return [*_named(filters), *_belonging(filters, counting), *_timed(filters)]


def _named(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.states:
        yield Livestream.state.in_(filters.states)
    for value, column in (
        (filters.language, Livestream.language),
        (filters.host_id, Livestream.host_id),
        (filters.visibility, Livestream.visibility),
    ):
        if value:
            yield column == value
    if filters.text:
        yield _mentions(filters.text)


def _belonging(filters: Filters, counting: bool) -> Iterator[ColumnElement[bool]]:  # noqa: FBT001 -- private
    for value, condition in (
        (filters.topic, is_about),
        (filters.audience, is_for),
        (filters.series_id, is_in_series),
    ):
        if value:
            yield condition(value, counting=counting)


def _timed(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.starts_from is not None:
        yield Livestream.starts_at >= filters.starts_from
    if filters.starts_to is not None:
        yield Livestream.starts_at < filters.starts_to


def _mentions(text: str) -> ColumnElement[bool]:
    documents: tuple[Any, ...] = (Livestream.titles, Livestream.descriptions, Host.names)
    return or_(
        *(
            document[language].as_string().icontains(text, autoescape=True)
            for document in documents
            for language in LANGUAGES
        )
    )

"""Words as lists read them: as the text that the database keeps, taken apart once.

The same few hosts, topics and series stand in most rows, and the next page shows them again. Who
gets such words shares them with others and must not change them, as their type says.
"""

import json
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast

from core.words import Words

KEPT: Final = 2048


def as_text(column: Any) -> ColumnElement[str]:  # noqa: ANN401 -- a column of JSON
    """Return a column of words as JSON text under the column's name, for :func:`words_of`."""
    return cast(column, Text).label(column.name)


@lru_cache(maxsize=KEPT)
def words_of(text: str) -> Words:
    """Return the words that a JSON text holds."""
    words: Words = json.loads(text)
    return words

"""The places that license people: ISO 3166-1 alpha-2, with their names from CLDR. Pure."""

from functools import cache
from typing import Final

from babel import Locale

from core.words import ENGLISH

NO_PLACES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""What CLDR lists beside places: unions, outlying groups, and codes for tests."""
CODE_LENGTH: Final = 2


def is_country(code: str) -> bool:
    """Tell whether ``code`` names a place."""
    return code in country_names(ENGLISH)


@cache
def country_names(language: str) -> dict[str, str]:
    """Return the name of each place by its code, in the order of the names."""
    found = Locale.parse(language, sep="-").territories
    names = {code: name for code, name in found.items() if _is_place(code)}
    return dict(sorted(names.items(), key=lambda one: one[1]))


def _is_place(code: str) -> bool:
    return len(code) == CODE_LENGTH and code.isalpha() and code not in NO_PLACES

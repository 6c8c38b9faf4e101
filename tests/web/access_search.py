"""Who searches: everybody; what each is shown is asserted in tests/catalog/search."""

from tests.web.access_answers import Table, everyone

SEARCH: Table = {("GET", "/search"): {"-": everyone(200)}}

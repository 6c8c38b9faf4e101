"""Who reads receipts of removed recordings."""

from tests.web.access_answers import HOSTS, MEMBERS_A, STAFF, Table, only

_RUNS = {
    "public": only("host", *STAFF, gets=200, others=403, stranger=401),
    "draft": only("host", *STAFF, gets=200, others=404),
    "of_a": {**only("host", *STAFF, gets=200, others=404), **dict.fromkeys(MEMBERS_A, 403)},
}
_RETRIES = {
    "public": only("host", *STAFF, gets=404, others=403, stranger=401),  # nothing is removed
    "draft": only(gets=404, others=404),
}

REMOVALS: Table = {
    ("GET", "/hosting/removals"): {"-": only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)},
    ("GET", "/api/v1/removals"): {"-": only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)},
    ("GET", "/livestreams/<livestream_id>/removal"): _RUNS,
    ("POST", "/livestreams/<livestream_id>/removal/retry"): _RETRIES,
}

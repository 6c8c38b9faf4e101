"""Follows: each only her own. A form that names nothing is refused once it is known whose it is."""

from tests.web.access_answers import Table, everyone, only

API = "/api/v1/follows"

FOLLOWS: Table = {
    ("GET", "/following"): {"-": everyone(200)},  # a stranger learns what works without an account
    ("POST", "/following"): {"-": only("stranger", gets=401, others=422)},
    ("POST", "/following/mail"): {"-": only("stranger", gets=401, others=422)},
    ("GET", API): {"-": only("stranger", gets=401, others=200)},
    ("POST", API): {"-": only("stranger", gets=401, others=201)},
    ("DELETE", f"{API}/<follow_id>"): {"-": only("stranger", gets=401, others=404)},
}

FOLLOW_BODIES = {("POST", API): {"kind": "topic", "id": "sleep"}}

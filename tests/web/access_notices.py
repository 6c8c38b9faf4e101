"""What people want to be told, and stopping it; no link of the seed was made here."""

from tests.web.access_answers import Table, everyone, only

NOTICES: Table = {
    ("GET", "/account/notices"): {"-": only("stranger", gets=401, others=200)},
    # An empty form chooses nothing
    ("POST", "/account/notices"): {"-": only("stranger", gets=401, others=422)},
    ("GET", "/notices/unsubscribe/<token>"): {"-": everyone(404)},
    ("POST", "/notices/unsubscribe/<token>"): {"-": everyone(404)},
}

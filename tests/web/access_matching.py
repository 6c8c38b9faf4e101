"""Who could host, requests, searches; the seed has none, and what is scheduled there has begun."""

from tests.web.access_answers import HOSTS, MEMBERS_A, MEMBERS_B, STAFF, Answers, Table, only

API = "/api/v1"
OFFER = "/hosting/offers/<offer_id>"
SEARCHES = "/administration/substitutes"
WITHDRAW = "/livestreams/<livestream_id>/withdraw"

ASKED = only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)
NOT_ASKED = only(*HOSTS, *STAFF, gets=404, others=403, stranger=401)
LOOKS_AFTER = only(*STAFF, gets=200, others=403, stranger=401)
NO_SEARCH = only(*STAFF, gets=404, others=403, stranger=401)
UNREADABLE = only(*STAFF, gets=422, others=422, stranger=401)


def runs(status: int) -> dict[str, Answers]:
    """Its host and the staff get this; who may not know of it learns nothing."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "of_a": {
            **only("host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
        "of_b": {
            **only("other_host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_B, 403),
        },
    }


MATCHING: Table = {
    ("GET", f"{API}/hosts/matching"): {"-": UNREADABLE},  # asked without what is to be taught
    ("GET", f"{API}/offers"): {"-": ASKED},
    ("POST", f"{API}/offers/<offer_id>/accept"): {"-": NOT_ASKED},
    ("POST", f"{API}/offers/<offer_id>/decline"): {"-": NOT_ASKED},
    ("POST", f"{API}/livestreams/<livestream_id>/withdraw"): runs(409),
    ("GET", "/hosting/offers"): {"-": ASKED},
    ("GET", OFFER): {"-": NOT_ASKED},
    ("POST", f"{OFFER}/accept"): {"-": NOT_ASKED},
    ("POST", f"{OFFER}/decline"): {"-": NOT_ASKED},
    ("GET", WITHDRAW): runs(200),
    ("POST", WITHDRAW): runs(409),
    ("POST", f"{WITHDRAW}/back"): runs(409),
    ("GET", "/livestreams/<livestream_id>/who"): {"public": LOOKS_AFTER, "of_a": LOOKS_AFTER},
    ("GET", "/administration/slots/<slot_id>/who"): {"-": LOOKS_AFTER},
    ("GET", SEARCHES): {"-": LOOKS_AFTER},
    ("POST", f"{SEARCHES}/<search_id>/ask"): {"-": NO_SEARCH},
    ("POST", f"{SEARCHES}/<search_id>/call-off"): {"-": NO_SEARCH},
}

MATCHING_BODIES = {
    ("POST", f"{API}/livestreams/<livestream_id>/withdraw"): {"reason": "ill"},
}

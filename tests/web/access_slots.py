"""Slots, claims and proposals; the seed has one open slot, on sleep, that nobody has claimed."""

from tests.web.access_answers import HOSTS, STAFF, Answers, Table, only

API = "/api/v1"
SLOT = f"{API}/slots/<slot_id>"
OFFER = "/administration/slots"
CLAIM = "/hosting/slots/<slot_id>"
QUEUE = "/administration/proposals"
VERIFIED = ("host", "other_host")

SEES = {"-": only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)}
OFFERS = {"-": only(*STAFF, gets=200, others=403, stranger=401)}


def claims(status: int) -> dict[str, Answers]:
    """Verified hosts get this; editors are no hosts."""
    return {"-": only(*VERIFIED, gets=status, others=403, stranger=401)}


def decides(status: int) -> dict[str, Answers]:
    """The staff get this."""
    return {"-": only(*STAFF, gets=status, others=403, stranger=401)}


DECIDES_ONE = {"public": only(*STAFF, gets=409, others=403, stranger=401)}
SENDS_BACK = {
    "public": only(*STAFF, gets=409, others=403, stranger=401),
    "draft": {
        **only("host", gets=403, others=404, stranger=401),
        **dict.fromkeys(STAFF, 409),
    },
}

SLOTS: Table = {
    ("GET", OFFER): OFFERS,
    ("GET", f"{OFFER}/new"): OFFERS,
    # An empty form: who may send it is told what is missing
    ("POST", f"{OFFER}/new"): decides(422),
    ("GET", f"{OFFER}/<slot_id>/edit"): OFFERS,
    ("POST", f"{OFFER}/<slot_id>/edit"): decides(422),
    ("POST", f"{OFFER}/<slot_id>/withdraw"): decides(303),
    ("POST", f"{OFFER}/<slot_id>/offer"): decides(409),  # it is open
    # Editors have their own list
    ("GET", "/hosting/slots"): {
        "-": {
            **only(*HOSTS, gets=200, others=403, stranger=401),
            **dict.fromkeys(STAFF, 302),
        }
    },
    ("GET", f"{CLAIM}/claim"): claims(200),
    ("POST", f"{CLAIM}/claim"): claims(422),
    ("POST", f"{CLAIM}/give-up"): {"-": only(*HOSTS, gets=303, others=403, stranger=401)},
    # Nobody has claimed it; editors have no page to be told on
    ("POST", f"{CLAIM}/hand-back"): {
        "-": {
            **only(*HOSTS, gets=409, others=403, stranger=401),
            **dict.fromkeys(STAFF, 409),
        }
    },
    ("GET", QUEUE): OFFERS,
    ("POST", f"{QUEUE}/<livestream_id>/accept"): DECIDES_ONE,
    ("POST", f"{QUEUE}/<livestream_id>/return"): {
        "public": only(*STAFF, gets=422, others=403, stranger=401)
    },
    ("GET", f"{API}/slots"): SEES,
    ("POST", f"{API}/slots"): decides(201),
    ("GET", SLOT): SEES,
    ("PATCH", SLOT): OFFERS,
    ("POST", f"{SLOT}/withdraw"): OFFERS,
    ("POST", f"{SLOT}/hold"): claims(200),
    ("DELETE", f"{SLOT}/hold"): {"-": only(*HOSTS, gets=200, others=403, stranger=401)},
    ("POST", f"{SLOT}/claim"): claims(201),
    # Nobody has claimed it
    ("POST", f"{SLOT}/return"): {"-": only(*HOSTS, *STAFF, gets=409, others=403, stranger=401)},
    ("POST", f"{API}/livestreams/<livestream_id>/return"): SENDS_BACK,
}

SLOT_BODIES = {
    ("POST", f"{API}/slots"): {
        "topics": ["sleep"],
        "starts_at": "2099-01-05T18:00:00Z",
        "ends_at": "2099-01-05T19:00:00Z",
    },
    ("PATCH", SLOT): {"title": "Sleep better"},
    ("POST", f"{SLOT}/claim"): {},
    ("POST", f"{API}/livestreams/<livestream_id>/return"): {"reason": "Another day, please."},
}

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

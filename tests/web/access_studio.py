"""The studio and the page of its encoder; the seed's moderator is assigned to nothing."""

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, only

STUDIO = "/livestreams/<livestream_id>/studio"
ENCODER = "/livestreams/<livestream_id>/encoder"


def runs(status: int) -> dict[str, Answers]:
    """The host and the staff get this; nobody learns more than from the livestream's own page."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "draft": only("host", *STAFF, gets=status, others=404),
        "of_a": {
            **only("host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
    }


HOST_ALONE = {
    "public": only("host", gets=200, others=403, stranger=401),
    "draft": {**only("host", gets=200, others=404), **dict.fromkeys(STAFF, 403)},
}
"""Notes are the host's own: the staff do not read them."""

STUDIO_TABLE: Table = {
    ("GET", STUDIO): runs(200),
    ("GET", f"{STUDIO}/state"): runs(200),
    ("POST", f"{STUDIO}/recording"): runs(303),
    ("POST", f"{STUDIO}/release"): {
        # It was never live: a release would be its first showing, which is the staff's to allow
        "public": only(*STAFF, gets=409, others=403, stranger=401),
        "ended": only("host", *STAFF, gets=303, others=403, stranger=401),
    },
    ("GET", f"{STUDIO}/notes"): HOST_ALONE,
    ("PUT", f"{STUDIO}/notes"): HOST_ALONE,
    ("GET", ENCODER): runs(200),
    ("GET", f"{ENCODER}/state"): runs(200),
    ("POST", f"{ENCODER}/key"): runs(303),
}

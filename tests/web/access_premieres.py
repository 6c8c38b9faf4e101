"""Who chooses premieres, and who sees a talk before its time: its host and the staff."""

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, only

DESK = "/livestreams/<livestream_id>/desk/premiere"
API = "/api/v1/livestreams/<livestream_id>/premiere"


def runs(status: int) -> dict[str, Answers]:
    """The host and the staff get this; no talk is held in this test."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "draft": only("host", *STAFF, gets=status, others=404),
        "of_a": {
            **only("host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
    }


PREMIERES: Table = {
    ("GET", "/livestreams/<livestream_id>/premiere"): runs(404),
    ("POST", f"{DESK}/choose"): runs(303),
    ("POST", f"{DESK}/leave"): runs(303),
    ("POST", f"{DESK}/take-back"): runs(409),
    ("POST", f"{DESK}/as-replay"): runs(409),
    ("POST", f"{API}/take-back"): runs(409),
    ("POST", f"{API}/as-replay"): runs(409),
}

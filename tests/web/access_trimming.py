"""Cuts and marks: the replay of the seed is too short to be cut, and nothing of it was cut."""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, Answers, Table, only

ONE = "/livestreams/<livestream_id>"
API = f"/api/v1{ONE}"
MARK = f"{API}/marks/<mark_id>"


def of_the_ended(status: int) -> dict[str, Answers]:
    """Its host and the staff get this; it is announced, so others may know of it."""
    return {"ended": only("host", *STAFF, gets=status, others=403, stranger=401)}


def of_the_live(status: int) -> dict[str, Answers]:
    """The crew of each get this; members may know of what is for their organisation."""
    return {
        "live": only("host", *STAFF, gets=status, others=403, stranger=401),
        "live_of_a": {
            **only("host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
        "live_of_b": {
            **only("other_host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_B, 403),
        },
    }


TRIMMING: Table = {
    ("GET", f"{ONE}/trim"): {**of_the_ended(200), **of_the_live(409)},
    ("POST", f"{ONE}/trim"): {**of_the_ended(409), **of_the_live(409)},
    ("POST", f"{ONE}/trim/undo"): {**of_the_ended(409), **of_the_live(409)},
    ("POST", f"{ONE}/trim/chapters"): {**of_the_ended(303), **of_the_live(409)},
    ("GET", f"{API}/trim"): {**of_the_ended(200), **of_the_live(409)},
    ("POST", f"{API}/trim"): {**of_the_ended(422), **of_the_live(409)},
    ("DELETE", f"{API}/trim"): {**of_the_ended(409), **of_the_live(409)},
    ("GET", f"{API}/marks"): {**of_the_ended(200), **of_the_live(200)},
    ("POST", f"{API}/marks"): {**of_the_ended(409), **of_the_live(201)},
    ("PATCH", MARK): of_the_live(404),
    ("DELETE", MARK): of_the_live(404),
}

TRIMMING_BODIES = {
    ("POST", f"{API}/trim"): {"start_seconds": 5},
    ("POST", f"{API}/marks"): {"title": "Breathing"},
    ("PATCH", MARK): {"title": "Breathing out"},
}

"""Polls are run by the crew and answered by whoever may watch; none of the seed exists."""

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, everyone, only

ONE = "/livestreams/<livestream_id>"
API = f"/api/v1{ONE}"
POLL = f"{ONE}/polls/<poll_id>"

CREW = {
    "live": only("host", *STAFF, gets=200, others=403, stranger=401),
    "live_of_a": {**only("host", *STAFF, gets=200, others=404), **dict.fromkeys(MEMBERS_A, 403)},
    "draft": only("host", *STAFF, gets=200, others=404),
}
"""Who sees and writes the polls of a livestream."""


def crew(status: int) -> dict[str, Answers]:
    """The crew gets this."""
    return {
        name: {role: status if answer == 200 else answer for role, answer in answers.items()}
        for name, answers in CREW.items()
    }


NONE = {"live": everyone(404), "live_of_a": everyone(404)}
"""Whoever may watch may answer, but there is no such poll."""

POLLS: Table = {
    ("GET", f"{ONE}/polls"): CREW,
    ("POST", f"{ONE}/polls"): crew(422),
    **{
        ("POST", f"{POLL}/{act}"): crew(404)
        for act in ("open", "close", "release", "discard", "rewrite")
    },
    ("POST", f"{POLL}/vote"): NONE,
    ("GET", f"{API}/polls"): CREW,
    ("POST", f"{API}/polls"): crew(201),
    **{("POST", f"/api/v1{POLL}/{act}"): crew(404) for act in ("open", "close", "release")},
    ("PUT", f"/api/v1{POLL}"): crew(404),
    ("DELETE", f"/api/v1{POLL}"): crew(404),
    ("POST", f"/api/v1{POLL}/votes"): NONE,
    ("GET", f"{API}/audience/kept"): crew(404),  # nothing is kept while it is live
    ("GET", f"{API}/audience/questions"): {
        "live": everyone(200),
        "live_of_a": only("host", *MEMBERS_A, *STAFF, gets=200, others=404),
        "draft": only("host", *STAFF, gets=200, others=404),
    },
}

POLL_BODIES = {
    ("POST", f"{API}/polls"): {"question": "Was it clear?", "choices": ["Yes", "No"]},
    ("PUT", f"/api/v1{POLL}"): {"question": "Was it clear?", "choices": ["Yes", "No"]},
    ("POST", f"/api/v1{POLL}/votes"): {"choice": 0},
}

"""Questions. What the seed has on the programme began long ago: there is nothing to ask any more.

Pages behind a secret link are there for nobody without one, whoever is signed in.
"""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, Table, everyone, only

ROOM = "/livestreams/<livestream_id>/questions"
VOTES = f"{ROOM}/<question_id>/votes"
ONE = "/questions/<token>"
API = "/api/v1"

NOBODY = {"-": everyone(404)}


def _known(status: int) -> dict[str, dict[str, int]]:
    """Whoever may know of it gets this, also a stranger of what is public."""
    return {
        "public": dict(everyone(status)),
        "draft": dict(only("host", *STAFF, gets=status, others=404)),
        "of_a": dict(only("host", *MEMBERS_A, *STAFF, gets=status, others=404)),
        "of_b": dict(only("other_host", *MEMBERS_B, *STAFF, gets=status, others=404)),
    }


QUESTIONS: Table = {
    ("GET", ROOM): _known(200),
    ("POST", ROOM): _known(409),
    ("POST", VOTES): {"public": everyone(404)},
    ("POST", f"{ROOM}/<question_id>/withdraw"): {"public": everyone(404)},
    ("POST", f"{ROOM}/leave"): {"public": everyone(204)},
    ("GET", ONE): NOBODY,
    ("POST", f"{ONE}/edit"): NOBODY,
    ("POST", f"{ONE}/withdraw"): NOBODY,
    ("POST", f"{API}{ROOM}"): _known(409),
    ("POST", f"{API}{VOTES}"): {"public": everyone(404)},
    ("DELETE", f"{API}{VOTES}"): {"public": everyone(404)},
    ("PATCH", f"{API}/questions/<question_id>"): {"-": everyone(404)},
}

QUESTION_BODIES = {
    ("POST", f"{API}{ROOM}"): {"text": "Why do I wake at four?"},
    ("PATCH", f"{API}/questions/<question_id>"): {"state": "approved"},
}

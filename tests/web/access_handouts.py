"""Hand-outs: who may know of a livestream gets them, its host and the staff bring them."""

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, everyone, only

ONE = "/livestreams/<livestream_id>"
API = f"/api/v1{ONE}"
HANDOUT = "/handouts/<handout_id>"
KNOWS_A = only("host", *MEMBERS_A, *STAFF, gets=200, others=404)


def runs(status: int) -> dict[str, Answers]:
    """The host and the staff get this; outsiders do not learn of a private livestream."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "of_a": {**only("host", *STAFF, gets=status, others=404), **dict.fromkeys(MEMBERS_A, 403)},
        "draft": only("host", *STAFF, gets=status, others=404),
    }


NONE = {"public": everyone(404), "of_a": everyone(404), "draft": everyone(404)}
"""Those of the seed have none."""

HANDOUTS: Table = {
    ("GET", f"{ONE}/handouts"): runs(200),
    ("POST", f"{ONE}/handouts"): runs(422),  # nothing is sent
    ("GET", f"{ONE}{HANDOUT}"): NONE,
    ("POST", f"{ONE}{HANDOUT}/remove"): runs(404),
    ("POST", f"{ONE}{HANDOUT}/restore"): runs(404),
    ("GET", f"{API}/handouts"): {
        "public": everyone(200),
        "of_a": KNOWS_A,
        "draft": only("host", *STAFF, gets=200, others=404),
    },
    ("POST", f"{API}/handouts"): runs(422),
    ("GET", f"{API}{HANDOUT}"): NONE,
    ("DELETE", f"{API}{HANDOUT}"): runs(404),
    ("POST", f"{API}{HANDOUT}/restore"): runs(404),
}

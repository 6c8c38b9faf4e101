"""Slides of a livestream and the test of a host's line: for its host and the staff alone."""

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, everyone, only

ONE = "/api/v1/livestreams/<livestream_id>"


def crew(status: int) -> dict[str, Answers]:
    """The host and the staff get this; outsiders do not learn of a private livestream."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "of_a": {
            **everyone(404),
            **dict.fromkeys(MEMBERS_A, 403),
            **dict.fromkeys(("host", *STAFF), status),
        },
    }


SLIDES: Table = {
    # There are none, and nothing is sent
    ("PUT", f"{ONE}/slides"): crew(422),
    ("GET", f"{ONE}/slides"): crew(404),
    ("DELETE", f"{ONE}/slides"): crew(404),
    ("POST", f"{ONE}/uplink-test"): crew(200),
}

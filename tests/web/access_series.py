"""Series by a rule, and another time; the seed has no series, so that its pages are not there."""

from tests.web.access_answers import HOSTS, MEMBERS_A, MEMBERS_B, STAFF, Answers, Table, only

API = "/api/v1"
ONE = "/livestreams/<livestream_id>"
NEW = "/hosting/series/new"

PLANS = only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)
NO_SERIES = {"-": only(*HOSTS, *STAFF, gets=404, others=403, stranger=401)}
MAKES = {"-": only("host", *STAFF, gets=201, others=403, stranger=401)}


def runs(status: int, *, late: int) -> dict[str, Answers]:
    """The staff get this; the hosts come too late: everything of the seed starts now."""
    return {
        "public": {
            **only(*STAFF, gets=status, others=403, stranger=401),
            "host": late,
        },
        "draft": only("host", *STAFF, gets=status, others=404),
        "of_a": {
            **only(*STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
            "host": late,
        },
        "of_b": {
            **only(*STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_B, 403),
            "other_host": late,
        },
    }


SERIES: Table = {
    ("GET", NEW): {"-": PLANS},
    # An empty form: who may send it is told what is missing
    ("POST", NEW): {"-": only(*HOSTS, *STAFF, gets=422, others=403, stranger=401)},
    ("GET", "/hosting/series/<series_id>"): NO_SERIES,
    ("GET", f"{ONE}/series"): runs(404, late=404),
    ("POST", f"{ONE}/series"): runs(404, late=404),
    ("POST", f"{ONE}/series/cancel"): runs(404, late=404),
    ("GET", f"{ONE}/reschedule"): runs(200, late=403),
    ("POST", f"{ONE}/reschedule"): runs(422, late=403),
    ("POST", f"{API}{ONE}/reschedule"): runs(200, late=403),
    ("POST", f"{API}/series/dry-run"): {
        "-": only("host", *STAFF, gets=200, others=403, stranger=401)
    },
    ("POST", f"{API}/series"): MAKES,
    ("GET", f"{API}/series/<series_id>"): NO_SERIES,
}

_BODY = {
    "title": "Sleep well",
    "topics": ["sleep"],
    "host": "<host>",
    "minutes": 45,
    "recurrence": {
        "starts_on": "2099-01-05",
        "time": "20:00",
        "timezone": "Europe/Berlin",
        "times": 2,
    },
}
SERIES_BODIES = {
    ("POST", f"{API}/series"): _BODY,
    ("POST", f"{API}/series/dry-run"): _BODY,
    ("POST", f"{API}{ONE}/reschedule"): {"starts_at": "2099-01-05T18:00:00Z"},
}

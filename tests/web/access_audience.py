"""Who is counted as watching, and who reads the report of it."""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, Table, everyone, only

AUDIENCE: Table = {
    ("POST", "/api/v1/livestreams/<livestream_id>/audience/beat"): {
        "public": everyone(409),  # it is not live yet
        "live": everyone(204),
        "live_of_a": only("host", *MEMBERS_A, *STAFF, gets=204, others=404),
        "live_of_b": only("other_host", *MEMBERS_B, *STAFF, gets=204, others=404),
        "draft": only("host", *STAFF, gets=409, others=404),
    },
    ("GET", "/livestreams/<livestream_id>/report"): {
        "ended": only("host", *STAFF, gets=200, others=403, stranger=401),
        "public": only("host", *STAFF, gets=200, others=403, stranger=401),  # it says: not yet
        "draft": only("host", *STAFF, gets=200, others=404),
        "live_of_a": {
            **only("host", *STAFF, gets=200, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
    },
}

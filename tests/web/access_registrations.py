"""Reminders. What the seed has on the programme begins now, so that it is too late to wait for it.

Pages behind a link from a mail are there for nobody without one, whoever is signed in.
"""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, Table, everyone, only

API = "/api/v1/registrations"
REMIND = "/livestreams/<livestream_id>/remind"
MINE = "/notices/mine/<token>"
CONFIRM = "/notices/confirm/<token>"
ONE = "registrations/<registration_id>"

NOBODY = {"-": everyone(404)}
OWN = {"-": only("stranger", gets=401, others=404)}


def _known(status: int) -> dict[str, dict[str, int]]:
    """Whoever may know of it gets this, also a stranger of what is public."""
    return {
        "public": dict(everyone(status)),
        "draft": dict(only("host", *STAFF, gets=status, others=404)),
        "of_a": dict(only("host", *MEMBERS_A, *STAFF, gets=status, others=404)),
        "of_b": dict(only("other_host", *MEMBERS_B, *STAFF, gets=status, others=404)),
    }


REGISTRATIONS: Table = {
    ("GET", REMIND): _known(200),
    ("POST", REMIND): _known(409),
    ("POST", f"{REMIND}/undo"): {"public": only("stranger", gets=401, others=303)},
    ("GET", CONFIRM): NOBODY,
    ("POST", CONFIRM): NOBODY,
    ("POST", f"{CONFIRM}/again"): NOBODY,
    ("GET", MINE): NOBODY,
    ("POST", f"{MINE}/{ONE}/end"): NOBODY,
    ("POST", f"{MINE}/{ONE}/reopen"): NOBODY,
    ("POST", f"{MINE}/choices"): NOBODY,
    ("POST", f"{MINE}/links"): NOBODY,
    ("GET", f"{MINE}/data"): NOBODY,
    ("GET", f"{MINE}/erase"): NOBODY,
    ("POST", f"{MINE}/erase"): NOBODY,
    ("GET", "/account/registrations"): {"-": only("stranger", gets=401, others=200)},
    ("POST", f"/account/{ONE}/end"): OWN,
    ("POST", f"/account/{ONE}/reopen"): OWN,
    # A stranger has to say an address; the livestream of the body is none
    ("POST", API): {"-": only("stranger", gets=422, others=404)},
    ("GET", API): {"-": only("stranger", gets=401, others=200)},
    ("DELETE", f"{API}/<registration_id>"): OWN,
}

REGISTRATION_BODIES = {("POST", API): {"livestream": "none"}}

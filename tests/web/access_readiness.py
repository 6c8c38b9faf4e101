"""Who may see and change how ready a livestream is."""

from collections.abc import Mapping
from typing import Any, Final

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, only

READY: Final = "/api/v1/livestreams/<livestream_id>/readiness"

CREW: Final[Mapping[str, Answers]] = {
    "public": only("host", *STAFF, gets=200, others=403, stranger=401),
    "moderated": {
        **only("host", "moderator", *STAFF, gets=200, others=404),
        **dict.fromkeys(MEMBERS_A, 403),
    },
    "of_b": {
        **only("other_host", *STAFF, gets=200, others=404),
        **dict.fromkeys(("employee_b", "hr_b"), 403),
    },
    "draft": only("host", *STAFF, gets=200, others=404),
}
HOST: Final[Mapping[str, Answers]] = {
    "public": only("host", gets=200, others=403, stranger=401),
    "moderated": {
        **only("host", gets=200, others=404, stranger=401),
        **dict.fromkeys(("moderator", *MEMBERS_A, *STAFF), 403),
    },
}
READINESS: Final[Table] = {
    ("GET", READY): CREW,
    ("POST", f"{READY}/presence"): CREW,
    ("POST", f"{READY}/device-check"): HOST,
    ("POST", f"{READY}/script"): HOST,
}
READINESS_BODIES: Final[Mapping[tuple[str, str], Any]] = {
    ("POST", f"{READY}/device-check"): {"picture": True, "sound": True},
    ("POST", f"{READY}/script"): {"version": 1},
}

"""Who may use the pages of verification; the people of the table are the persons of the cases."""

from collections.abc import Mapping
from typing import Final

from tests.web.access_answers import STAFF, Answers, everyone, only

PLACE: Final = "/administration/verification"
PERSON: Final = f"{PLACE}/people/<person_id>"
ROSTER: Final = f"{PLACE}/rosters/<roster_id>"
EDITORS: Final = only(*STAFF, gets=200, others=403, stranger=401)
NOTHING: Final = only(*STAFF, gets=404, others=403, stranger=401)
EMPTY: Final = only(*STAFF, gets=422, others=403, stranger=401)
"""An empty form: who may send it is told what is missing."""
LATE: Final = only(*STAFF, gets=409, others=403, stranger=401)
"""Nothing of the host of this test waits, and no licence of theirs was handed in."""

VERIFICATION: Mapping[tuple[str, str], Mapping[str, Answers]] = {
    ("GET", PLACE): {"-": EDITORS},
    ("GET", PERSON): {"-": EDITORS},
    ("POST", f"{PERSON}/confirm"): {"-": LATE},
    ("POST", f"{PERSON}/send-back"): {"-": EMPTY},
    ("POST", f"{PERSON}/refuse"): {"-": EMPTY},
    ("POST", f"{PERSON}/recheck"): {"-": LATE},
    ("POST", f"{PERSON}/withdraw"): {"-": EMPTY},
    ("POST", f"{PERSON}/reopen"): {"-": LATE},
    ("POST", f"{PERSON}/number"): {"-": NOTHING},
    ("GET", f"{PLACE}/rosters"): {"-": EDITORS},
    ("POST", f"{PLACE}/rosters"): {"-": EMPTY},
    ("GET", f"{PLACE}/rosters/template.csv"): {"-": EDITORS},
    ("GET", ROSTER): {"-": NOTHING},
    ("POST", f"{ROSTER}/people/<entry_id>"): {"-": NOTHING},
    ("POST", f"{ROSTER}/approve"): {"-": NOTHING},
    ("POST", f"{ROSTER}/refuse"): {"-": NOTHING},
    ("POST", f"{ROSTER}/links"): {"-": NOTHING},
    ("GET", f"{PLACE}/issuers"): {"-": EDITORS},
    ("POST", f"{PLACE}/issuers"): {
        "-": only("administrator", gets=422, others=403, stranger=401),
    },
    ("POST", f"{PLACE}/issuers/<issuer_id>/end"): {
        "-": only("administrator", gets=404, others=403, stranger=401),
    },
    ("GET", "/join/<secret>"): {"-": everyone(404)},
    ("POST", "/join/<secret>"): {"-": everyone(404)},
    ("GET", "/how-we-check"): {"-": everyone(200)},
}

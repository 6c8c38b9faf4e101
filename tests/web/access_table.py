"""Who may use what: every route and method, every role, every kind of object.

``TABLE`` maps (method, rule) to answers per subject; a subject is a name of
:data:`tests.web.access_seed.LIVESTREAMS`, or ``-`` for a route without one. To add a route, add
a line.
"""

from collections.abc import Mapping
from typing import Any

from tests.web.access_account import ACCOUNT_BODIES, ACCOUNTS
from tests.web.access_answers import (
    HOSTS,
    MEMBERS_A,
    MEMBERS_B,
    STAFF,
    Answers,
    everyone,
    only,
)
from tests.web.access_answers_library import ANSWER_LIBRARY, ANSWER_LIBRARY_BODIES
from tests.web.access_apply import APPLY
from tests.web.access_audience import AUDIENCE
from tests.web.access_board import BOARD as BOARD_PAGES
from tests.web.access_board import BOARD_BODIES
from tests.web.access_calendars import CALENDARS
from tests.web.access_captions import CAPTION_BODIES, CAPTIONS
from tests.web.access_follows import FOLLOW_BODIES, FOLLOWS
from tests.web.access_handouts import HANDOUTS
from tests.web.access_hours import HOURS, HOURS_BODIES
from tests.web.access_matching import MATCHING, MATCHING_BODIES
from tests.web.access_moderation import MODERATION
from tests.web.access_notices import NOTICES
from tests.web.access_notices_desk import NOTICES_DESK
from tests.web.access_polls import POLL_BODIES, POLLS
from tests.web.access_premieres import PREMIERES
from tests.web.access_questions import QUESTION_BODIES, QUESTIONS
from tests.web.access_readiness import READINESS, READINESS_BODIES
from tests.web.access_registrations import REGISTRATION_BODIES, REGISTRATIONS
from tests.web.access_removals import REMOVALS
from tests.web.access_replay import REPLAY
from tests.web.access_search import SEARCH
from tests.web.access_series import SERIES, SERIES_BODIES
from tests.web.access_slides import SLIDES
from tests.web.access_slots import SLOT_BODIES, SLOTS
from tests.web.access_studio import STUDIO_TABLE
from tests.web.access_trimming import TRIMMING, TRIMMING_BODIES
from tests.web.access_verification import VERIFICATION


def act(*, gets: int, subject: str, staff_only: bool = False) -> dict[str, Answers]:
    """Something that the host or the staff do to a livestream everybody may know of."""
    hosts = () if staff_only else ("host",)
    return {
        subject: only(*hosts, *STAFF, gets=gets, others=403, stranger=401),
        "of_a": {
            **everyone(404),
            **dict.fromkeys(MEMBERS_A, 403),
            **dict.fromkeys(("host", *STAFF), -1),
        },
        "of_b": {
            **everyone(404),
            **dict.fromkeys(MEMBERS_B, 403),
            **dict.fromkeys(("other_host", *STAFF), -1),
        },
    }


KNOWS_A = only("host", *MEMBERS_A, *STAFF, gets=200, others=404)
KNOWS_B = only("other_host", *MEMBERS_B, *STAFF, gets=200, others=404)
KNOWS_DRAFT = only("host", *STAFF, gets=200, others=404)

RUNS = {
    "public": only("host", *STAFF, gets=200, others=403, stranger=401),
    "unverified": only("unverified_host", *STAFF, gets=200, others=403, stranger=401),
    "draft": only("host", *STAFF, gets=200, others=404),
    "of_a": {**only("host", *STAFF, gets=200, others=404), **dict.fromkeys(MEMBERS_A, 403)},
    "of_b": {**only("other_host", *STAFF, gets=200, others=404), **dict.fromkeys(MEMBERS_B, 403)},
}
"""What its host and the staff see of a livestream, and nobody else."""

READS = {"public": everyone(200), "of_a": KNOWS_A, "of_b": KNOWS_B, "draft": KNOWS_DRAFT}
DESK = "/livestreams/<livestream_id>/desk"
ANY = -1
"""Not this table's business: the state of the object decides, not the person."""

API = "/api/v1"
ONE = f"{API}/livestreams/<livestream_id>"
BOARD = "/administration/work"
UPLOAD = f"{ONE}/uploads/<upload_id>"

EDITORS = only(*STAFF, gets=200, others=403, stranger=401)
SECTIONS = {
    "topics": "<slug>",
    "series": "<series_id>",
    "hosts": "<host_id>",
    "livestreams": "<livestream_id>",
}


def editing() -> dict[tuple[str, str], dict[str, Answers]]:
    """The editors' pages: an empty form fits no draft, there is none to discard, and no series."""
    table: dict[tuple[str, str], dict[str, Answers]] = {("GET", "/editing"): {"-": EDITORS}}
    late = only(*STAFF, gets=409, others=403, stranger=401)
    nothing = only(*STAFF, gets=404, others=403, stranger=401)
    for section, name in SECTIONS.items():
        subject = "public" if section == "livestreams" else "-"
        shown, refused = (nothing, nothing) if section == "series" else (EDITORS, late)
        one = f"/editing/{section}/{name}"
        table["GET", f"/editing/{section}"] = {"-": EDITORS}
        for page in ("", "/history", "/preview"):
            table["GET", f"{one}{page}"] = {subject: shown}
        table["POST", one] = table["POST", f"{one}/discard"] = {subject: refused}
        table["POST", f"{one}/restore"] = {subject: nothing}
    for section in ("topics", "series"):
        table["GET", f"/editing/{section}/new"] = {"-": EDITORS}
        table["POST", f"/editing/{section}/new"] = {
            "-": only(*STAFF, gets=422, others=403, stranger=401)
        }
        refused = nothing if section == "series" else late
        table["POST", f"/editing/{section}/{SECTIONS[section]}/delete"] = {"-": refused}
    return table


EDITING = editing()

TABLE: Mapping[tuple[str, str], Mapping[str, Answers]] = {
    # For everybody
    ("GET", "/"): {"-": everyone(200)},
    ("GET", "/help"): {"-": everyone(200)},
    ("GET", "/robots.txt"): {"-": everyone(200)},
    ("GET", "/topics"): {"-": everyone(200)},
    ("GET", "/schedule"): {"-": everyone(200)},
    ("GET", "/calendar/schedule.ics"): {"-": everyone(200)},
    ("GET", "/calendar/topics/<slug>.ics"): {"-": everyone(200)},
    ("GET", "/feeds/topics/<slug>.xml"): {"-": everyone(200)},
    ("GET", "/topics/<slug>"): {"-": everyone(200)},
    ("GET", "/hosts/<host_id>"): {"-": everyone(200)},
    ("GET", "/hosts"): {"-": everyone(200)},
    ("GET", "/replays"): {"-": everyone(200)},
    ("GET", "/series"): {"-": everyone(200)},
    ("GET", "/series/<series_id>"): {"-": everyone(404)},  # there is none in this test
    ("GET", "/for/<audience>"): {"-": everyone(200)},
    ("GET", "/preferences"): {"-": everyone(200)},
    ("POST", "/preferences"): {"-": everyone(303)},
    ("GET", "/sitemap.xml"): {"-": everyone(200)},
    ("GET", "/favicon.ico"): {"-": everyone(200)},
    ("GET", "/favicon.svg"): {"-": everyone(200)},
    ("GET", "/static/<path:filename>"): {"-": everyone(404)},
    ("GET", "/healthz"): {"-": everyone(200)},
    ("GET", "/readyz"): {"-": everyone(503)},  # no process beats in this test
    ("GET", "/metrics"): {"-": everyone(200)},  # the test asks from loopback
    ("GET", f"{API}/openapi.json"): {"-": everyone(200)},
    ("GET", f"{API}/topics"): {"-": everyone(200)},
    ("GET", f"{API}/hosts"): {"-": everyone(200)},
    ("GET", f"{API}/hosts/<host_id>"): {"-": everyone(200)},
    ("GET", f"{API}/livestreams"): {"-": everyone(200)},
    # Signing in
    ("GET", "/sign-in"): {"-": only("stranger", gets=200, others=302)},
    ("POST", "/sign-in"): {"-": only("stranger", gets=200, others=302)},
    ("POST", "/sign-out"): {"-": everyone(302)},
    # Livestreams
    ("GET", "/livestreams/<livestream_id>"): READS,
    ("GET", "/livestreams/<livestream_id>.ics"): READS,
    ("GET", "/livestreams/<livestream_id>/transcript-<language>.txt"): {
        "public": everyone(404),  # it has not even begun
        "ended": only("host", *STAFF, gets=200, others=404),  # until its release
    },
    ("GET", ONE): READS,
    ("GET", f"{ONE}/audience"): READS,
    ("POST", f"{API}/livestreams"): {"-": only("host", *STAFF, gets=201, others=403, stranger=401)},
    ("PATCH", ONE): act(gets=200, subject="public"),
    ("POST", f"{ONE}/propose"): act(gets=409, subject="public"),
    ("POST", f"{ONE}/schedule"): act(gets=409, subject="public", staff_only=True),
    ("POST", f"{ONE}/start"): {
        **act(gets=200, subject="public"),
        "unverified": only("unverified_host", *STAFF, gets=409, others=403, stranger=401),
    },
    ("POST", f"{ONE}/end"): act(gets=200, subject="live"),
    ("POST", f"{ONE}/publish"): act(gets=200, subject="ended"),
    ("POST", f"{ONE}/cancel"): act(gets=200, subject="public"),
    ("POST", f"{ONE}/restore"): act(gets=409, subject="public"),
    ("POST", f"{ONE}/key"): act(gets=200, subject="public"),
    ("GET", f"{ONE}/work"): RUNS,
    ("POST", f"{ONE}/work/<work_id>/retry"): act(gets=200, subject="ended"),
    # The board of work; the step of "ended" has failed
    ("GET", BOARD): {"-": only(*STAFF, gets=200, others=403, stranger=401)},
    ("GET", f"{BOARD}/list"): {"-": only(*STAFF, gets=200, others=403, stranger=401)},
    ("GET", f"{BOARD}/<work_id>"): {"ended": only(*STAFF, gets=200, others=403, stranger=401)},
    ("GET", f"{BOARD}/<work_id>/state"): {
        "ended": only(*STAFF, gets=200, others=403, stranger=401)
    },
    ("POST", f"{BOARD}/<work_id>/retry"): {
        "ended": only("administrator", gets=303, others=403, stranger=401)
    },
    ("POST", f"{BOARD}/<work_id>/cancel"): {
        "ended": only("administrator", gets=303, others=403, stranger=401)
    },
    ("GET", f"{API}/work"): {"-": only(*STAFF, gets=200, others=403, stranger=401)},
    ("GET", f"{API}/work/<work_id>"): {"ended": only(*STAFF, gets=200, others=403, stranger=401)},
    ("POST", f"{API}/work/<work_id>/retry"): {
        "ended": only("administrator", gets=200, others=403, stranger=401)
    },
    ("POST", f"{API}/work/<work_id>/cancel"): {
        "ended": only("administrator", gets=200, others=403, stranger=401)
    },
    # Uploads; there is none of the id that is asked for
    ("POST", f"{ONE}/uploads"): {
        **act(gets=201, subject="public"),
        "unverified": only("unverified_host", *STAFF, gets=409, others=403, stranger=401),
    },
    ("GET", UPLOAD): act(gets=404, subject="public"),
    ("PUT", f"{UPLOAD}/parts/<int:number>"): act(gets=404, subject="public"),
    ("POST", f"{UPLOAD}/complete"): act(gets=404, subject="public"),
    ("DELETE", UPLOAD): act(gets=404, subject="public"),
    # Hosting
    ("GET", "/hosting"): {"-": only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)},
    ("GET", "/hosting/new"): {"-": only(*HOSTS, *STAFF, gets=200, others=403, stranger=401)},
    # An empty form: who may send it is told what is missing
    ("POST", "/hosting/new"): {"-": only(*HOSTS, *STAFF, gets=422, others=403, stranger=401)},
    ("GET", "/hosting/<livestream_id>/edit"): RUNS,
    ("POST", "/hosting/<livestream_id>/edit"): act(gets=422, subject="public"),
    ("GET", DESK): RUNS,
    ("GET", f"{DESK}/state"): RUNS,
    ("POST", f"{DESK}/propose"): act(gets=409, subject="public"),
    ("POST", f"{DESK}/schedule"): act(gets=409, subject="public", staff_only=True),
    ("POST", f"{DESK}/start"): act(gets=303, subject="public"),
    ("POST", f"{DESK}/end"): act(gets=303, subject="live"),
    ("POST", f"{DESK}/publish"): act(gets=303, subject="ended"),
    ("POST", f"{DESK}/cancel"): act(gets=303, subject="public"),
    ("POST", f"{DESK}/restore"): act(gets=409, subject="public"),
    ("POST", f"{DESK}/work/<work_id>/retry"): act(gets=303, subject="ended"),
    # Editing
    **EDITING,
    # Playing
    ("POST", f"{ONE}/playback"): {
        "live": everyone(200),
        "live_of_a": KNOWS_A,
        "live_of_b": KNOWS_B,
    },
    ("DELETE", f"{ONE}/playback"): {
        "live": everyone(204),
        "live_of_a": only("host", *MEMBERS_A, *STAFF, gets=204, others=404),
        "live_of_b": only("other_host", *MEMBERS_B, *STAFF, gets=204, others=404),
    },
    ("GET", "/internal/gate/<broadcast_id>"): {
        "live": everyone(204),
        "live_of_a": only("host", *MEMBERS_A, *STAFF, gets=204, others=403),
        "live_of_b": only("other_host", *MEMBERS_B, *STAFF, gets=204, others=403),
        "draft": only("host", *STAFF, gets=204, others=403),
    },
    ("GET", "/media/<path:rest>"): {
        "live": everyone(200),
        "live_of_a": KNOWS_A,
        "live_of_b": KNOWS_B,
    },
    **ACCOUNTS,
    **APPLY,
    **AUDIENCE,
    **POLLS,
    **PREMIERES,
    **REMOVALS,
    **REPLAY,
    **SERIES,
    **SLOTS,
    **STUDIO_TABLE,
    **HOURS,
    **CALENDARS,
    **BOARD_PAGES,
    **VERIFICATION,
    **MATCHING,
    **NOTICES_DESK,
    **SLIDES,
    **HANDOUTS,
    **READINESS,
    **REGISTRATIONS,
    **FOLLOWS,
    **SEARCH,
    **TRIMMING,
    **CAPTIONS,
    **ANSWER_LIBRARY,
    **NOTICES,
    **MODERATION,
    **QUESTIONS,
    # People
    ("GET", f"{API}/organisations"): {"-": only("stranger", gets=401, others=200)},
}

BODIES: Mapping[tuple[str, str], Any] = {
    ("POST", f"{API}/livestreams"): {
        "title": "Sleep well",
        "topics": ["sleep"],
        "language": "en",
        "host": "<host>",
        "starts_at": "2099-01-05T18:00:00Z",
        "ends_at": "2099-01-05T19:00:00Z",
        "timezone": "UTC",
    },
    ("PATCH", ONE): {"title": "Sleep better"},
    ("POST", f"{ONE}/uploads"): {"name": "talk.mp4", "size": 1000},
    **ACCOUNT_BODIES,
    **SERIES_BODIES,
    **SLOT_BODIES,
    **HOURS_BODIES,
    **BOARD_BODIES,
    **MATCHING_BODIES,
    **READINESS_BODIES,
    **REGISTRATION_BODIES,
    **FOLLOW_BODIES,
    **TRIMMING_BODIES,
    **ANSWER_LIBRARY_BODIES,
    **POLL_BODIES,
    **QUESTION_BODIES,
    **CAPTION_BODIES,
}
"""What is sent; ``<host>`` becomes the id of the host."""

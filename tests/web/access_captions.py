"""Captions: the replay of the seed has them; what is live can be typed for."""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, Answers, Table, everyone, only

ONE = "/livestreams/<livestream_id>"
API = f"/api/v1{ONE}"
WRITERS = ("host", "captioner", *STAFF)


def of_the_ended(status: int) -> dict[str, Answers]:
    """Its host, captioners and the staff get this; it is announced, so others may know of it."""
    return {"ended": only(*WRITERS, gets=status, others=403, stranger=401)}


def of_the_live(status: int) -> dict[str, Answers]:
    """Captioners write for what is for everybody; of an organisation they are not in, no word."""
    return {
        "live": only(*WRITERS, gets=status, others=403, stranger=401),
        "live_of_a": {
            **only("host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
        "live_of_b": {
            **only("other_host", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_B, 403),
        },
    }


KNOWS: dict[str, Answers] = {
    "live": everyone(200),
    "ended": everyone(200),
    "live_of_a": only("host", *MEMBERS_A, *STAFF, gets=200, others=404),
    "live_of_b": only("other_host", *MEMBERS_B, *STAFF, gets=200, others=404),
}
PLAYS: dict[str, Answers] = {"ended": only(*WRITERS, gets=200, others=404)}

CAPTIONS: Table = {
    ("GET", "/captioning"): {"-": only("captioner", *STAFF, gets=200, others=403, stranger=401)},
    ("GET", f"{ONE}/captions"): {**of_the_ended(200), **of_the_live(200)},
    ("POST", f"{ONE}/captions"): {**of_the_ended(422), **of_the_live(409)},
    ("POST", f"{ONE}/captions/restore"): {**of_the_ended(404), **of_the_live(409)},
    ("POST", f"{ONE}/captions/remove"): {**of_the_ended(404), **of_the_live(409)},
    ("POST", f"{ONE}/captions/automatic"): {**of_the_ended(409), **of_the_live(409)},
    ("GET", f"{ONE}/captions/live"): {**of_the_ended(200), **of_the_live(200)},
    ("POST", f"{ONE}/captions/live"): {**of_the_ended(409), **of_the_live(422)},
    ("GET", f"{ONE}/captions/<language>"): {**of_the_ended(200), **of_the_live(409)},
    ("POST", f"{ONE}/captions/<language>"): {**of_the_ended(303), **of_the_live(409)},
    ("GET", f"{ONE}/captions-<language>.<any(srt, vtt, txt):ending>"): PLAYS,
    ("GET", f"{API}/captions"): {**of_the_ended(200), **of_the_live(200)},
    ("GET", f"{API}/captions/<language>"): {**of_the_ended(200), **of_the_live(409)},
    ("PUT", f"{API}/captions/<language>"): {**of_the_ended(422), **of_the_live(409)},
    ("PATCH", f"{API}/captions/<language>"): {**of_the_ended(200), **of_the_live(409)},
    ("DELETE", f"{API}/captions/<language>"): {**of_the_ended(204), **of_the_live(409)},
    ("GET", f"{API}/captions/live"): KNOWS,
    ("POST", f"{API}/captions/live"): {**of_the_ended(409), **of_the_live(201)},
    ("DELETE", f"{API}/captions/live/<int:number>"): {**of_the_ended(204), **of_the_live(204)},
}

CAPTION_BODIES = {
    ("PUT", f"{API}/captions/<language>"): {"text": "no times"},
    ("PATCH", f"{API}/captions/<language>"): {"was": [], "now": []},
    ("POST", f"{API}/captions/live"): {"text": "Good evening.", "language": "en"},
}

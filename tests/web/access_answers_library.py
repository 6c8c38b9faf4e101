"""The answer library: everybody reads what was checked; the seed has no answers."""

from tests.web.access_answers import Table, everyone
from tests.web.access_trimming import of_the_ended

ONE = "/livestreams/<livestream_id>/answers"
ANSWER = "/answers/<answer_id>"

ANSWER_LIBRARY: Table = {
    ("GET", "/answers"): {"-": everyone(200)},
    ("GET", "/api/v1/answers"): {"-": everyone(200)},
    ("POST", "/api/v1/answers/like"): {"-": everyone(200)},
    ("GET", ANSWER): {"-": everyone(404)},
    ("GET", f"/api/v1{ANSWER}"): {"-": everyone(404)},
    ("GET", f"{ANSWER}/edit"): {"-": everyone(404)},
    ("POST", f"{ANSWER}/edit"): {"-": everyone(404)},
    ("POST", f"{ANSWER}/review"): {"-": everyone(404)},
    ("POST", f"{ANSWER}/show"): {"-": everyone(404)},
    ("POST", f"{ANSWER}/remove"): {"-": everyone(404)},
    ("GET", ONE): of_the_ended(200),
    ("GET", f"{ONE}/new"): of_the_ended(200),
    ("POST", f"{ONE}/new"): of_the_ended(422),
}

ANSWER_LIBRARY_BODIES = {("POST", "/api/v1/answers/like"): {"q": "Why do I wake at four?"}}

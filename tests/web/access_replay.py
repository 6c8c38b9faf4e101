"""Who may use what stands around a replay: the poster, the player for other sites."""

from tests.web.access_answers import MEMBERS_A, MEMBERS_B, STAFF, everyone, only

POSTER = "/livestreams/<livestream_id>/poster"
ON_PAPER = {
    "public": everyone(200),
    "of_a": only("host", *MEMBERS_A, *STAFF, gets=200, others=404),
    "of_b": only("other_host", *MEMBERS_B, *STAFF, gets=200, others=404),
    "draft": everyone(404),
}

ELSEWHERE = {
    "public": everyone(200),
    "of_a": everyone(404),
    "of_b": everyone(404),
    "draft": everyone(404),
}
"""On other sites nobody is known: what is not for everybody is for nobody."""

REPLAY = {
    **{("GET", f"{POSTER}{form}"): ON_PAPER for form in ("", ".svg", ".png")},
    ("GET", "/embed/livestreams/<livestream_id>"): ELSEWHERE,
}

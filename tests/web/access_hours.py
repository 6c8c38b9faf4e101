"""Hours: a host's or moderator's own on the pages, those of ``host`` in the API."""

from tests.web.access_answers import HOSTS, STAFF, Answers, Table, only

API = "/api/v1/hosts/<host_id>"
MINE = (*HOSTS, "moderator", *STAFF)


def own(status: int) -> dict[str, Answers]:
    return {"-": only(*MINE, gets=status, others=403, stranger=401)}


OF_HOST = {"-": only("host", *STAFF, gets=200, others=403, stranger=401)}

HOURS: Table = {
    ("GET", "/hosting/hours"): own(200),
    ("POST", "/hosting/hours"): own(409),  # an empty form was filled from no version
    ("POST", "/hosting/hours/undo"): own(409),
    ("GET", "/hosting/away"): own(200),
    ("POST", "/hosting/away"): own(422),
    ("POST", "/hosting/away/remove"): own(409),
    ("GET", f"{API}/availability"): OF_HOST,
    ("PUT", f"{API}/availability"): OF_HOST,
    ("GET", f"{API}/open-times"): OF_HOST,
}

HOURS_BODIES = {
    ("PUT", f"{API}/availability"): {
        "timezone": "Europe/Berlin",
        "weekly": [{"weekday": 1, "start": "18:00", "end": "21:00"}],
        "version": 0,
    }
}

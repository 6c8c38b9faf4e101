"""The board, the rota, rooms and duties; the seed has none of the last two."""

from tests.web.access_answers import STAFF, Table, everyone, only

API = "/api/v1"
ROTA = "/administration/rota"
ROOMS = "/administration/rooms"
DUTY = f"{API}/duties/<duty_id>"

EDITORS = only(*STAFF, gets=200, others=403, stranger=401)
NONE_THERE = only(*STAFF, gets=404, others=403, stranger=401)
NOBODYS = {"-": {**everyone(404), "stranger": 401}}
"""A duty that does not exist: who is signed in learns no more."""
SIGNED_IN = only("stranger", gets=401, others=200)

BOARD: Table = {
    ("GET", "/administration/board"): {"-": EDITORS},
    ("GET", "/administration/board/<day>"): {"-": EDITORS},
    ("GET", ROTA): {"-": EDITORS},
    ("GET", f"{ROTA}/<livestream_id>"): {"public": EDITORS, "draft": EDITORS},
    ("POST", f"{ROTA}/<livestream_id>"): {
        "public": only(*STAFF, gets=409, others=403, stranger=401)  # nobody was chosen
    },
    ("POST", f"{ROTA}/<livestream_id>/room"): {
        "public": only(*STAFF, gets=409, others=403, stranger=401)  # the seed reserves no time
    },
    ("POST", f"{ROTA}/<livestream_id>/release/<duty_id>"): {"public": NONE_THERE},
    ("GET", "/duties"): {"-": only("moderator", *STAFF, gets=200, others=403, stranger=401)},
    ("POST", "/duties/<duty_id>/accept"): NOBODYS,
    ("POST", "/duties/<duty_id>/decline"): NOBODYS,
    ("GET", ROOMS): {"-": EDITORS},
    ("POST", ROOMS): {"-": only(*STAFF, gets=422, others=403, stranger=401)},
    ("GET", f"{ROOMS}/<room_id>"): {"-": NONE_THERE},
    ("POST", f"{ROOMS}/<room_id>"): {"-": NONE_THERE},
    ("POST", f"{ROOMS}/<room_id>/close"): {"-": NONE_THERE},
    ("GET", f"{API}/rooms"): {"-": EDITORS},
    ("POST", f"{API}/rooms"): {"-": only(*STAFF, gets=201, others=403, stranger=401)},
    ("GET", f"{API}/duties"): {"-": SIGNED_IN},
    ("POST", f"{API}/livestreams/<livestream_id>/duties"): {
        "public": only(*STAFF, gets=409, others=403, stranger=401),  # nobody of that id moderates
        "draft": {**only(*STAFF, gets=409, others=404, stranger=401), "host": 403},
    },
    ("POST", f"{DUTY}/accept"): NOBODYS,
    ("POST", f"{DUTY}/decline"): NOBODYS,
    ("POST", f"{DUTY}/release"): NOBODYS,
}

BOARD_BODIES = {
    ("POST", f"{API}/rooms"): {"name": "Studio"},
    ("POST", f"{API}/livestreams/<livestream_id>/duties"): {"moderator": "none"},
    ("POST", f"{DUTY}/decline"): {"reason": "Ill"},
}

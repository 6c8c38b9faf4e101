"""The pass of a browser: random text in a cookie of one livestream alone.

The cookie is sent with what lies below the addresses of this livestream and nothing else, so that
no request carries the passes of two rooms. Only forms and writes of the API set it: a page that was
only read gives no cookie, and what the edge shares carries none. It ends with the browser.
"""

from typing import Final

from flask import Request
from werkzeug.wrappers import Response

from streams.room.services import Entered

COOKIE: Final = "mc_room"
PATHS: Final = ("/livestreams/{id}", "/zh/livestreams/{id}", "/api/v1/livestreams/{id}")
"""Whatever needs a pass stands below one of these."""


def pass_of(asked: Request) -> str:
    """Return what this browser holds for the livestream of the request's address; else empty.

    Anybody can write what they like there: :func:`streams.room.services.enter_room` looks whether
    the room gave it out.
    """
    return asked.cookies.get(COOKIE, "")


def keep_pass(response: Response, *, livestream_id: str, entered: Entered, secure: bool) -> None:
    """Have the browser of a newcomer keep its pass for one livestream, until it is closed."""
    if not entered.is_new:
        return
    for path in PATHS:
        response.set_cookie(
            COOKIE,
            entered.token,
            path=path.format(id=livestream_id),
            secure=secure,
            httponly=True,
            samesite="Lax",
        )


def drop_pass(response: Response, *, livestream_id: str) -> None:
    """Have the browser forget its pass."""
    for path in PATHS:
        response.delete_cookie(COOKIE, path=path.format(id=livestream_id))

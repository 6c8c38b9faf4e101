"""How pages of the house itself answer, and what their lists are asked for."""

from typing import Final

from flask import Response, make_response, request

MOST_PAGES: Final = 10_000
LONGEST: Final = len(str(MOST_PAGES))


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def asked_page() -> int:
    """Return which page of a list is asked for, from 1; what is no number is the first."""
    typed = request.args.get("page", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST
    return min(max(int(typed), 1), MOST_PAGES) if is_number else 1

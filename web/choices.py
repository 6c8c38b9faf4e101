"""What a visitor chose, kept for a year in cookies of their browser: a language and a time zone.

Neither needs an account, and neither tells who somebody is.
"""

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from core.words import CHINESE, LANGUAGES
from web.language import CHOICE, PREFIX, address_in, has_no_language
from web.times import CHOSEN_ZONE

LANGUAGE = "language"
YEAR_SECONDS = 31_536_000


def set_up_choices(app: Flask) -> None:
    """Note a language that is asked for by ``?in=…``, and lead home in the one that was chosen."""
    app.before_request(_keep_language)
    app.before_request(_lead_home)


def remember(response: AnyResponse, name: str, value: str) -> None:
    """Keep a choice in the browser; an empty one is forgotten."""
    if value:
        response.set_cookie(
            name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure
        )
    else:
        response.delete_cookie(name, samesite="Lax", secure=request.is_secure)


def remember_zone(response: AnyResponse, zone: str) -> None:
    """Keep the zone that somebody chose; an empty one leaves it to the device again."""
    remember(response, CHOSEN_ZONE, zone)


def remember_language(response: AnyResponse, language: str) -> None:
    """Keep the language that somebody chose."""
    remember(response, LANGUAGE, language)


def _keep_language() -> AnyResponse | None:
    """Answer ``/page?in=zh-Hans`` with the way to ``/zh/page``, and keep the choice."""
    if b"in=" not in request.query_string or has_no_language(request.path):
        return None
    language = request.args.get(CHOICE)
    if language not in LANGUAGES or request.method != "GET":
        return None
    answer = redirect(address_in(language))
    answer.headers["Cache-Control"] = "private, no-store"
    remember_language(answer, language)
    return answer


def _lead_home() -> Response | AnyResponse | None:
    """Lead from ``/`` to ``/zh/`` when Chinese was chosen; only there, as other links are meant."""
    if request.path != "/" or request.script_root or request.method != "GET":
        return None
    if request.cookies.get(LANGUAGE) != CHINESE:
        return None
    answer = redirect(f"{PREFIX}/")
    answer.vary.add("Cookie")
    return answer

"""From a refusal to an answer: a problem document (RFC 9457) for the API, a page for others."""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from apiflask.exceptions import HTTPError
from flask import Flask, Response, g, make_response, render_template, request
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from core.clock import rfc3339
from core.database import is_lock_failure
from core.errors import (
    Busy,
    InvalidInput,
    ManyReasons,
    NotAllowed,
    NotFound,
    Refusal,
    SignInNeeded,
    TooMany,
    _,
)
from scheduler.spans import Span
from web.language import address_in, current_language, translate
from web.sign_in import sign_in_page

log = structlog.get_logger("mindcast.web")


TITLES = {
    400: _("This request makes no sense"),
    401: _("Please sign in"),
    403: _("Not for you"),
    404: _("Nothing here"),
    405: _("Not possible here"),
    409: _("Not now"),
    410: _("No longer here"),
    413: _("Too large"),
    415: _("Unknown kind of content"),
    422: _("Some fields need attention"),
    429: _("Too often"),
    500: _("Something went wrong"),
    503: _("Not available now"),
}

MESSAGES = {
    400: _("The request could not be understood."),
    401: SignInNeeded.message,
    403: NotAllowed.message,
    404: NotFound.message,
    422: InvalidInput.message,
    500: _("The fault is ours. Please try again in a moment."),
}


PLAIN_PAGE = (
    '<!doctype html><html lang="{language}"><title>{title}</title>'
    "<main><h1>{title}</h1><p>{message}</p></main></html>"
)


def set_up_errors(app: Flask) -> None:
    """Answer every refusal and fault of ``app`` in the form its reader expects."""
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(HTTPError, _answer_schema)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(Exception, _answer_fault)


def answer_refusal(refusal: Refusal) -> Response:
    """Answer with the status, the code and the translated reason of a refusal."""
    extra: dict[str, Any] = {}
    if errors := getattr(refusal, "errors", ()):
        extra["errors"] = [
            {"field": error.field, "message": translate(error.message, error.params)}
            for error in errors
        ]
    if alternatives := getattr(refusal, "alternatives", None):
        extra["alternatives"] = [_as_json(one) for one in alternatives]
    extra |= getattr(refusal, "present", {})
    response = answer(refusal.status, code=refusal.code, detail=_detail(refusal), extra=extra)
    if isinstance(refusal, TooMany | Busy):
        response.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, SignInNeeded):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _detail(refusal: Refusal) -> str:
    if isinstance(refusal, ManyReasons):
        return " ".join(translate(error.message, error.params) for error in refusal.errors)
    return translate(refusal.message, refusal.params)


def _as_json(alternative: Span) -> dict[str, Any]:
    """Write a span, with whatever else it says of itself."""
    return {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in asdict(alternative).items()
    }


def answer(status: int, *, code: str, detail: str, extra: dict[str, Any] | None = None) -> Response:
    """Answer with a problem document below ``/api/``, else with a page."""
    title = translate(TITLES.get(status) or HTTPStatus(status).phrase, {})
    if wants_problem():
        return _problem({"title": title, "status": status, "detail": detail, "code": code}, extra)
    return _page(status, title, detail)


def wants_problem() -> bool:
    """Tell whether a program is asking."""
    return request.path.startswith(("/api/", "/ingest/", "/internal/"))


def _problem(problem: dict[str, Any], extra: dict[str, Any] | None) -> Response:
    kind = f"urn:mindcast:problem:{problem['code']}"
    response = make_response({"type": kind, **problem, **(extra or {})}, problem["status"])
    response.content_type = "application/problem+json"
    response.vary.add("Accept-Language")
    return response


def _page(status: int, title: str, message: str) -> Response:
    language = current_language()
    try:
        page = _words_of_page(status, title, message, language)
    except Exception:  # the page about a fault must not need what is at fault
        log.exception("error_page", request_id=g.get("request_id"))
        page = PLAIN_PAGE.format(language=language, title=escape(title), message=escape(message))
    return make_response(page, status)


def _words_of_page(status: int, title: str, message: str, language: str) -> str:
    if status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
        return sign_in_page(message, back_to=address_in(language))
    return render_template(
        "web/error.html", status=status, title=title, message=message, language=language
    )


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())  # a redirect
    detail = translate(MESSAGES.get(status, TITLES.get(status, error.name)), {})
    code = error.name.lower().replace(" ", "_").replace("-", "_")
    response = answer(status, code=code, detail=detail)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _answer_schema(error: HTTPError) -> Response:
    """Answer input that does not fit its schema: each fault beside the name of its field."""
    errors = [
        {"field": field, "message": str(message)}
        for place in (error.detail or {}).values()
        for field, messages in (place.items() if isinstance(place, dict) else ())
        for message in (messages if isinstance(messages, list) else [messages])
    ]
    status = error.status_code
    detail = translate(MESSAGES.get(status, str(error.message)), {})
    code = InvalidInput.code if status == InvalidInput.status else "refused"
    return answer(status, code=code, detail=detail, extra={"errors": errors} if errors else None)


def _answer_database(error: OperationalError) -> Response:
    """Say that others were writing when waiting for them took too long; the rest is a fault."""
    return answer_refusal(Busy()) if is_lock_failure(error) else _answer_fault(error)


def _answer_fault(error: Exception) -> Response:
    log.error("fault", exc_info=error, request_id=g.get("request_id"))
    return answer(500, code="fault", detail=translate(MESSAGES[500], {}))

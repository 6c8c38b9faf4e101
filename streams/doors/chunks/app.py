"""The chunk door's HTTP: requests to calls, receipts and refusals to JSON."""

from http import HTTPStatus
from traceback import format_exception

import structlog
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.errors import ManyReasons, Refusal, TooMany
from streams.doors.chunks.errors import ChunkGap, NotARecording
from streams.doors.chunks.ports import ChunkDesk, Receipt

log = structlog.get_logger(__name__)

ADDRESS = "/ingest/chunks/<livestream_id>/<key>"
MOST_BYTES = 64 * 1024 * 1024
TOO_LARGE = "A chunk has at most 64 MiB."
FAILED = "Something went wrong here. The same chunk is welcome in a moment."


def make_app(desk: ChunkDesk) -> Flask:
    """Return the door's application.

    Args:
        desk: What is behind the door.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.put(f"{ADDRESS}/<int:number>")
    def put_chunk(livestream_id: str, key: str, number: int) -> tuple[Response, int]:
        keep = desk.admit(livestream_id=livestream_id, key=key)  # before the body is read
        receipt = keep(number, request.get_data(cache=False))
        return _receipt(receipt), HTTPStatus.OK if receipt.duplicate else HTTPStatus.CREATED

    @app.get(ADDRESS)
    def get_receipt(livestream_id: str, key: str) -> tuple[Response, int]:
        return _receipt(desk.receipt(livestream_id=livestream_id, key=key)), HTTPStatus.OK

    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _not_http)
    app.register_error_handler(Exception, _failed)
    return app


def _receipt(receipt: Receipt) -> Response:
    response = jsonify(next=receipt.next, durable_through=receipt.durable_through)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(refusal: Refusal) -> Response:
    extra: dict[str, object] = {"next": refusal.next} if isinstance(refusal, ChunkGap) else {}
    if isinstance(refusal, NotARecording):
        extra["another_sends"] = refusal.another_sends
    if isinstance(refusal, ManyReasons):
        extra["errors"] = [
            {"field": error.field, "message": error.message % error.params}
            for error in refusal.errors
        ]
    response = _problem(refusal.status, refusal.code, str(refusal), **extra)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _not_http(error: HTTPException) -> Response:
    """Answer what no address or method of this door is; the key in the path is never repeated."""
    if isinstance(error, RequestEntityTooLarge):
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", TOO_LARGE)
    status = HTTPStatus(error.code or 500)
    return _problem(status, status.name.lower(), status.description or status.phrase)


def _failed(error: Exception) -> Response:
    """Log where it failed, without the address and local variables: they hold the key."""
    log.error("chunk_failed", fault="".join(format_exception(error)))
    return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "try_again", FAILED)


def _problem(status: int, code: str, detail: str, **extra: object) -> Response:
    title = HTTPStatus(status).phrase
    response = jsonify(
        type=f"urn:mindcast:problem:{code}",
        title=title,
        status=int(status),
        code=code,
        detail=detail,
        **extra,
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response

"""What all media answers share."""

from flask import Response, request

from streams.playback.rules import GateAnswer, Passage


def empty(status: int) -> Response:
    """Return an answer without a body that no cache keeps, whoever asked first."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    response.headers["Cache-Control"] = "no-store"
    return response


def cache_control(answer: GateAnswer, *, shared: str, personal: str) -> str:
    """Return the header: what one person may have is kept by no cache that asks no gate.

    What goes soon is kept by no browser at all; an edge that asks the gate keeps it for a moment.
    """
    if answer.is_brief:
        return "private, no-store"
    if answer.passage is Passage.SHARED:
        return f"public, {shared}"
    return f"private, {personal}"


def is_known(response: Response) -> bool:
    """Tell whether the asker has these bytes already (If-None-Match, weak comparison)."""
    etag, _ = response.get_etag()
    return etag is not None and request.if_none_match.contains_weak(etag)


def unchanged(response: Response) -> Response:
    """Return the 304 for ``response``: its headers without a body."""
    response.status_code = 304
    response.set_data(b"")
    for name in ("Content-Length", "Content-Encoding"):
        response.headers.pop(name, None)
    return response

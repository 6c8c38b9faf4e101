"""Logs: one line of JSON per event, and no address of anybody on a path that tells their health."""

import logging
import sys
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request

SECRET_PATHS = (
    *("/ingest/", "/calendar/my/", "/join/", "/notices/", "/questions/"),
    *("/sign-in/link/", "/account/address/link/", "/receipts/"),
)
"""A key stands in them."""
OF_VIEWERS = (
    *("/media/", "/livestreams/", "/api/v1/livestreams", "/internal/", "/topics/"),
    *("/embed/", "/answers/", "/api/v1/answers"),
)
WITHOUT_ADDRESS = (
    *OF_VIEWERS,
    *("/questions/", "/api/v1/questions"),
    *("/notices/", "/calendar/my/", "/api/v1/registrations", "/receipts/"),
    *("/following", "/api/v1/follows"),
)

log = structlog.get_logger("mindcast.web")


def configure_logs(*, level: int = logging.INFO) -> None:
    """Write the logs of this process to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def set_up_logs(app: Flask) -> None:
    """Log every request of ``app`` when it is answered."""
    configure_logs()

    @app.before_request
    def note_begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def log_request(response: Response) -> Response:
        log.info("request", **request_facts(response.status_code))
        return response


def request_facts(status: int) -> dict[str, Any]:
    """Return what is logged of the present request; never its query, which may hold words."""
    path = f"{request.script_root}{request.path}"
    if secret := next((one for one in SECRET_PATHS if request.path.startswith(one)), ""):
        path = f"{secret}…"
    facts = {
        "method": request.method,
        "path": path,
        "status": status,
        "ms": round((perf_counter() - g.get("began", perf_counter())) * 1000, 1),
        "request_id": g.get("request_id"),
    }
    if not request.path.startswith(WITHOUT_ADDRESS):
        facts["address"] = request.remote_addr
    return facts

"""What the pages of this room take from the application, and how they answer."""

from typing import Final

from flask import Response, current_app, make_response
from sqlalchemy.orm import Session

from core.settings import Settings
from media.ports import ObjectStorage

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def settings() -> Settings:
    """Return the settings of the application."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def storage() -> ObjectStorage:
    """Return the object storage of the application."""
    found: ObjectStorage = current_app.extensions["mindcast.storage"].storage
    return found


def rtmp_address() -> str:
    """Return the address encoders push to; empty while the site has no door for them."""
    found: str = current_app.extensions["mindcast.rtmp_address"]()
    return found


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps, nor the browser: it holds a key, or changes."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response

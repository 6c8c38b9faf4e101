"""The blueprint of the public pages; ``catalog.views`` imports the modules with its routes."""

from flask import Blueprint, current_app
from sqlalchemy.orm import Session

from core.shelf import Shelf

pages = Blueprint("catalog_pages", __name__)


def database() -> Session:
    """Return the session of the present request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def shelf() -> Shelf:
    """Return what this process keeps of pages that everybody sees alike."""
    kept: Shelf = current_app.extensions["mindcast.shelf"]
    return kept

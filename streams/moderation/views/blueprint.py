"""The blueprint of the question desk."""

from typing import Final

from flask import Blueprint

pages = Blueprint("moderation_pages", __name__)

DESK: Final = "/livestreams/<livestream_id>/questions/desk"

"""The blueprint of the studio."""

from flask import Blueprint

pages = Blueprint("studio_pages", __name__)

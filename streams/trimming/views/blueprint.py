"""The blueprint of the trim page."""

from flask import Blueprint

pages = Blueprint("trim_pages", __name__)

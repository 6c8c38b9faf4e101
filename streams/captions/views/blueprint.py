"""The blueprint of the caption pages."""

from flask import Blueprint

pages = Blueprint("caption_pages", __name__)

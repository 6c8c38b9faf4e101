"""The blueprint of the answer library."""

from flask import Blueprint

pages = Blueprint("answer_pages", __name__)

"""The blueprint of the hosting pages."""

from flask import Blueprint

pages = Blueprint("hosting_pages", __name__)

"""The blueprint of the planning pages."""

from flask import Blueprint

pages = Blueprint("planning_pages", __name__)

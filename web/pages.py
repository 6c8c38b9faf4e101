"""Pages that need no database, and what every page is given before it is drawn."""

from importlib import import_module
from typing import cast

from flask import Blueprint, Flask, g, render_template, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError

from accounts.rules import STRANGER
from core.clock import utc_now
from web.addresses import site_url
from web.language import current_language
from web.limits import visitor_address
from web.security import current_actor
from web.templating import equip
from web.times import viewer_zone

pages = Blueprint("web_pages", __name__)

LOWER_PAGES = frozenset(
    {
        *("catalog_pages", "catalog_schedule", "catalog_feeds", "editing_pages"),
        "catalog_search",
        *("streams_pages", "hosting_pages", "planning_pages", "report_pages"),
        *(
            "studio_pages",
            "trim_pages",
            "removal_pages",
            "answer_pages",
            "caption_pages",
            "poster_pages",
            "embed_pages",
            "moderation_pages",
        ),
        "registration_pages",
        "follow_pages",
        "question_pages",
        "poll_pages",
        "handout_pages",
        *("hours_pages", "slots_pages", "duties_pages", "board_pages"),
        "calendar_pages",
        *("licence_pages", "verification_pages", "join_pages"),
        "notices_pages",
    }
)
"""Pages of rooms that may not import this one: they find the actor, zone and time in ``g``."""


@pages.get("/help")
def crisis_help() -> str:
    """Show who can be reached now, by place; it must load when everything behind it is down."""
    try:
        current_actor()
    except SQLAlchemyError:
        g.actor = STRANGER
    return render_template("web/help.html")


@pages.before_app_request
def prepare_page() -> None:
    """Give pages of lower rooms what this room alone can find out."""
    g.now = utc_now()
    if request.blueprint in LOWER_PAGES:
        g.zone = viewer_zone()
        g.language = current_language()
        g.site = site_url()
        g.actor = current_actor()
        g.visitor = visitor_address()


@pages.record_once
def equip_templates(state: BlueprintSetupState) -> None:
    """Make symbols, times and addresses known to every template."""
    equip(cast("Flask", state.app))


for _more in ("preferences", "finding", "offline"):
    import_module(f"web.{_more}")

"""The home page: what is live, what comes, topics, collections and the newest replays."""

from flask import g, render_template

from accounts.rules import STRANGER
from catalog.linked_data import programme_data
from catalog.queries import (
    audiences_with_talks,
    home_programme,
    numbers_of,
    private_programme,
)
from catalog.views.blueprint import database, pages
from catalog.views.days import by_day
from catalog.views.keeping import kept_for_strangers, kept_part, kept_topics


@pages.get("/")
@kept_for_strangers
def home() -> str:
    """Show what everybody may know of; to members first what is theirs alone."""
    mine = private_programme(database(), actor=g.actor, now=g.now, topics=kept_topics())
    return render_template("catalog/home.html", page=kept_part("home", _public_part), mine=mine)


def _public_part() -> str:
    """Draw everything but what belongs to one person."""
    session = database()
    programme = home_programme(session, actor=STRANGER, now=g.now)
    return render_template(
        "catalog/_home.html",
        programme=programme,
        days=by_day(programme.coming, g.zone),
        audiences=audiences_with_talks(session, actor=STRANGER, now=g.now),
        numbers=numbers_of(session, actor=STRANGER, now=g.now),
        data=programme_data(programme, site=g.site, language=g.language),
    )

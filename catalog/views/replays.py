"""All replays, newest first, narrowed by topic, language and audience."""

from dataclasses import replace
from typing import Any, cast

from flask import g, render_template, request

from catalog.enums import Audience
from catalog.enums import LivestreamState as L
from catalog.linked_data import list_data
from catalog.queries import Filters, list_topics, numbers_of
from catalog.views.blueprint import database, pages
from catalog.views.keeping import kept_for_strangers
from catalog.views.paging import shown_page
from core.words import LANGUAGES

REPLAYS_SHOWN = 24
NAMES = ("topic", "language", "audience")


@pages.get("/replays")
@kept_for_strangers
def replays() -> str:
    """Show replays that the viewer may know of."""
    session = database()
    topics = list_topics(session)
    chosen = _chosen({topic.slug for topic in topics})
    filters = replace(Filters(states=(L.PUBLISHED,)), **cast("dict[str, Any]", chosen))
    shown = shown_page(g.actor, filters, limit=REPLAYS_SHOWN)
    return render_template(
        "catalog/replays.html",
        shown=shown,
        chosen={name: value for name, value in chosen.items() if value},
        topics=topics,
        languages=LANGUAGES,
        audiences=tuple(Audience),
        number=numbers_of(session, actor=g.actor, now=g.now, filters=filters).replays,
        data=list_data(shown.items, site=g.site, language=g.language),
    )


def _chosen(slugs: set[str]) -> dict[str, str]:
    """Return the filters of the address; one that names nothing there is counts as none."""
    known = {"topic": slugs, "language": {*LANGUAGES}, "audience": {*Audience}}
    given = {name: request.args.get(name, "") for name in NAMES}
    return {name: value if value in known[name] else "" for name, value in given.items()}

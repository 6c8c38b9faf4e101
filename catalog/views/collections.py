"""Collections: what is made for the people of one kind."""

from flask import g, render_template

from catalog.enums import Audience
from catalog.linked_data import list_data
from catalog.queries import Filters, list_series, numbers_of, programme_of
from catalog.views.blueprint import database, pages
from catalog.views.keeping import kept_for_strangers
from core.errors import NotFound

KNOWN = frozenset(Audience)


@pages.get("/for/<audience>")
@kept_for_strangers
def collection(audience: str) -> str:
    """Show what is live, what comes and the newest replays for an audience."""
    if audience not in KNOWN:
        raise NotFound
    session = database()
    made_for = Filters(audience=audience)
    programme = programme_of(session, actor=g.actor, now=g.now, filters=made_for)
    listed = (*programme.live, *programme.coming, *programme.replays)
    return render_template(
        "catalog/collection.html",
        audience=audience,
        others=[one for one in Audience if one != audience],
        programme=programme,
        numbers=numbers_of(session, actor=g.actor, now=g.now, filters=made_for),
        series=list_series(session, actor=g.actor, audience=audience),
        data=list_data(listed, site=g.site, language=g.language),
    )

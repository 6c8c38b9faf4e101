"""Series: livestreams that belong together."""

from flask import g, render_template
from flask_babel import gettext

from catalog.follows.enums import Followed
from catalog.follows.views.buttons import button_for
from catalog.linked_data import crumbs_data, graph, list_data
from catalog.queries import list_series, one_series, parts_of
from catalog.views.blueprint import database, pages
from catalog.views.keeping import kept_for_strangers
from core.words import in_language


@pages.get("/series")
@kept_for_strangers
def all_series() -> str:
    """Show every series that has a part to watch or wait for."""
    return render_template("catalog/all_series.html", series=list_series(database(), actor=g.actor))


@pages.get("/series/<series_id>")
@kept_for_strangers
def series(series_id: str) -> str:
    """Show one series and its parts in order."""
    session = database()
    shown = one_series(session, series_id=series_id, actor=g.actor)
    parts = parts_of(session, series_id=series_id, actor=g.actor)
    where = {"site": g.site, "language": g.language}
    name = in_language(shown.titles, g.language)
    crumbs = crumbs_data((gettext("Series"), "/series"), (name, f"/series/{series_id}"), **where)
    told = list_data(parts, **where)
    data = graph(crumbs, *(told["@graph"] if told else ()))
    following = button_for(Followed.SERIES, series_id)
    return render_template(
        "catalog/series.html", series=shown, members=parts, data=data, following=following
    )

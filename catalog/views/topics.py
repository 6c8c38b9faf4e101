"""Topics: all of them, and the page of one."""

from typing import Any

from flask import g, render_template
from flask_babel import gettext

from catalog.follows.enums import Followed
from catalog.follows.views.buttons import button_for
from catalog.linked_data import crumbs_data, graph, list_data, topic_data
from catalog.queries import (
    Filters,
    LivestreamView,
    for_beginners,
    list_series,
    list_topics,
    numbers_of,
    parts_of,
    programme_of,
    topic_detail,
)
from catalog.topic_words import review_state, words_in
from catalog.views.blueprint import database, pages
from catalog.views.keeping import kept_for_strangers
from core.words import in_language

PARTS_SHOWN = 4
STEPS = 8  # that editors may choose


@pages.get("/topics")
@kept_for_strangers
def topics() -> str:
    """Show every topic."""
    return render_template("catalog/topics.html", topics=list_topics(database()))


@pages.get("/topics/<slug>")
@kept_for_strangers
def topic(slug: str) -> str:
    """Show one topic: its programme, a series to begin with, and what is good to know."""
    session = database()
    detail = topic_detail(session, slug=slug)
    about = Filters(topic=slug)
    series = list_series(session, actor=g.actor, topic=slug)
    first = series[0].id if series else ""
    state = review_state(detail, g.now)
    programme = programme_of(session, actor=g.actor, now=g.now, filters=about)
    said = words_in(detail.words, g.language)
    parts = parts_of(session, series_id=first, actor=g.actor, limit=PARTS_SHOWN)
    chosen = said[1].start if said and said[0] == g.language else ()
    steps = _steps(slug, chosen) if chosen or not parts else ()
    shown: dict[str, Any] = {
        "topic": detail.topic,
        "detail": detail,
        "review": state,
        "programme": programme,
        "numbers": numbers_of(session, actor=g.actor, now=g.now, filters=about),
        "series": series,
        "parts_shown": () if steps else parts,
        "steps": steps,
        "following": button_for(Followed.TOPIC, slug),
        "said": said,
    }
    where = {"site": g.site, "language": g.language}
    name = in_language(detail.topic.names, g.language)
    crumbs = crumbs_data((gettext("Topics"), "/topics"), (name, f"/topics/{slug}"), **where)
    listed = (*programme.live, *programme.coming, *programme.replays)
    told = list_data(listed, **where)
    data = graph(crumbs, topic_data(detail, state, **where), *(told["@graph"] if told else ()))
    return render_template("catalog/topic.html", data=data, **shown)


def _steps(slug: str, chosen: tuple[str, ...]) -> tuple[LivestreamView, ...]:
    return for_beginners(
        database(), topic=slug, actor=g.actor, language=g.language, chosen=chosen[:STEPS]
    )

"""The page of the search: a form that is a link, and what it finds."""

from typing import Any, Final

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from catalog.enums import Audience
from catalog.queries import TopicView, home_programme
from catalog.search.access import Searched, search_for
from catalog.search.enums import Length, Manner, When
from catalog.search.forms import SearchForm, read_search
from catalog.search.rules.asking import asked_for
from catalog.search.rules.crisis import asks_for_help
from catalog.search.rules.marking import marks_of
from catalog.views.blueprint import database
from catalog.views.keeping import kept_topics
from core.words import LANGUAGES

pages = Blueprint("catalog_search", __name__)

COMING_SHOWN: Final = 3
CHOICES: Final = {
    "language": LANGUAGES,
    "state": tuple(When),
    "length": tuple(Length),
    "audience": tuple(Audience),
}


@pages.get("/search")
def search() -> ResponseReturnValue:
    """Show what is found; the way to help stands first when help is what was typed."""
    topics = kept_topics()
    form = read_search(request.args, frozenset(topic.slug for topic in topics))
    found = _found(form)
    page = render_template(
        "catalog/search/search.html",
        form=form,
        found=found,
        Manner=Manner,
        helps=asks_for_help(form.text),
        topics=topics,
        near=_near(form, topics),
        choices=CHOICES,
        coming=_coming() if found is not None and not found.hits else (),
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"  # what somebody looked for is theirs alone
    return answer


def _found(form: SearchForm) -> Searched | None:
    """Return what is found; None before anything was typed."""
    if not form.text:
        return None
    return search_for(
        database(),
        actor=g.actor,
        text=form.text,
        wanted=form.wanted(g.zone),
        language=g.language,
        now=g.now,
        page=form.page,
    )


def _near(form: SearchForm, topics: tuple[TopicView, ...]) -> list[TopicView]:
    """Return the topics that have what was typed in their names."""
    asked = asked_for(form.text)
    return [topic for topic in topics if marks_of(asked, "\n".join(topic.names.values()))]


def _coming() -> tuple[Any, ...]:
    programme = home_programme(database(), actor=g.actor, now=g.now)
    return (*programme.live, *programme.coming)[:COMING_SHOWN]

"""Drafts as the public page would show them, drawn with its own template, for editors alone.

Around the draft stands what a stranger sees: the programme of a topic has no private livestream.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

from flask import g, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from accounts.rules import STRANGER
from catalog.access import livestream_view_for
from catalog.editing.access import desk_for
from catalog.editing.rules.contents import Content, Subject, moment_of
from catalog.editing.views.blueprint import SECTIONS, current_session, for_subjects, unkept
from catalog.enums import LivestreamState as L
from catalog.enums import RevisionKind
from catalog.queries import (
    Filters,
    SeriesView,
    TopicDetail,
    TopicView,
    country_name,
    facts_of_hosts,
    for_beginners,
    list_livestreams,
    list_series,
    list_topics,
    numbers_of,
    one_host,
    parts_of,
    programme_of,
)
from catalog.queries.series import IN_SERIES
from catalog.rules import is_verified
from catalog.topic_words import review_state, words_in
from core.words import CHINESE, LANGUAGES

TEMPLATES: Final[Mapping[str, str]] = {
    RevisionKind.TOPIC: "catalog/topic.html",
    RevisionKind.SERIES: "catalog/series.html",
    RevisionKind.HOST: "catalog/host.html",
    RevisionKind.LIVESTREAM: "streams/watch.html",
}
PARTS_SHOWN: Final = 4
REPLAYS_SHOWN: Final = 12
NO_RECORDING: Final[Mapping[str, Any]] = {"sound": "", "captions": (), "chapters": (), "files": {}}
NO_PANELS: Final[Mapping[str, Any]] = {"history": None}


@for_subjects("/preview", "GET")
def preview(subject: Subject) -> AnyResponse:
    """Show the draft; ``?language=`` chooses the language, whatever the address begins with."""
    session = current_session()
    desk = desk_for(session, actor=g.actor, subject=subject)
    wanted = request.args.get("language", g.language)
    if wanted in LANGUAGES and wanted != g.language:
        return redirect(_address_in(wanted, subject))
    page = render_template(
        "catalog/editing/preview.html",
        template=TEMPLATES[subject.kind],
        subject=subject,
        desk=desk,
        following=None,
        **_DRAWN[subject.kind](session, subject, _with_name(desk.content)),
    )
    return unkept(page)


def _address_in(language: str, subject: Subject) -> str:
    """Return the address of a preview; that of the other language cannot be made by its route."""
    section = SECTIONS[subject.kind]
    prefix = "/zh" if language == CHINESE else ""
    return f"{prefix}/editing/{section.path}/{subject.id}/preview"


def _with_name(content: Content) -> Content:
    """Return a content that is called something: a page without a heading cannot be read."""
    name = "names" if "names" in content else "titles"
    return content if content[name] else content | {name: {g.language: gettext("No name yet")}}


def _topic(session: Session, subject: Subject, content: Content) -> dict[str, Any]:
    topic = TopicView(subject.id, content["names"], content["descriptions"], content["risk"])
    detail = TopicDetail(
        topic,
        content["words"],
        content["reviewed_by"],
        moment_of(content["reviewed_at"]),
        moment_of(content["review_due_at"]),
        g.now,
    )
    about = Filters(topic=subject.id)
    series = list_series(session, actor=STRANGER, topic=subject.id)
    first = series[0].id if series else ""
    said = words_in(content["words"], g.language)
    parts = parts_of(session, series_id=first, actor=STRANGER, limit=PARTS_SHOWN)
    chosen = said[1].start if said and said[0] == g.language else ()
    steps = for_beginners(
        session, topic=subject.id, actor=STRANGER, language=g.language, chosen=chosen
    )
    return {
        "topic": topic,
        "detail": detail,
        "review": review_state(detail, g.now),
        "programme": programme_of(session, actor=STRANGER, now=g.now, filters=about),
        "numbers": numbers_of(session, actor=STRANGER, now=g.now, filters=about),
        "series": series,
        "parts_shown": () if chosen and steps else parts,
        "steps": steps if chosen or not parts else (),
        "said": said,
    }


def _series(session: Session, subject: Subject, content: Content) -> dict[str, Any]:
    shown = []
    for part in content["livestreams"]:
        view = livestream_view_for(session, livestream_id=part, actor=g.actor)
        shown += [view] if view.state in IN_SERIES else []
    series = SeriesView(
        id=subject.id,
        titles=content["titles"],
        descriptions=content["descriptions"],
        is_example=False,
        updated_at=g.now,
        parts=len(shown),
    )
    return {"series": series, "members": tuple(shown)}


def _host(session: Session, subject: Subject, content: Content) -> dict[str, Any]:
    theirs = Filters(host_id=subject.id)
    replays = Filters(host_id=subject.id, states=(L.PUBLISHED,), newest_first=True)
    page = list_livestreams(session, actor=STRANGER, filters=replays, limit=REPLAYS_SHOWN)
    facts = facts_of_hosts(session, host_ids=[subject.id])[subject.id]
    view = one_host(session, host_id=subject.id)
    return {
        "host": replace(view, **content),
        "facts": facts,
        "topics": [topic for topic in list_topics(session) if topic.slug in facts.topics],
        "country": country_name(facts.country, g.language),
        "is_valid": is_verified(view.verified_until, g.now),
        "programme": programme_of(session, actor=STRANGER, now=g.now, filters=theirs),
        "numbers": numbers_of(session, actor=STRANGER, now=g.now, filters=theirs),
        "shown": SimpleNamespace(items=page.items, older=None, newer=None),
    }


def _livestream(session: Session, subject: Subject, content: Content) -> dict[str, Any]:
    view = livestream_view_for(session, livestream_id=subject.id, actor=g.actor)
    topics = {topic.slug: topic for topic in list_topics(session)}
    changed = replace(
        view,
        titles=content["titles"],
        descriptions=content["descriptions"],
        language=content["language"],
        topics=tuple(topics[slug] for slug in content["topics"] if slug in topics),
        audiences=tuple(content["audiences"]),
    )
    return {
        "livestream": changed,
        "phase": "before",
        "crew": False,
        "playback": None,
        "recording": NO_RECORDING,
        "panels": NO_PANELS,
        "audience": "",
    }


_DRAWN: Final[Mapping[str, Callable[[Session, Subject, Content], dict[str, Any]]]] = {
    RevisionKind.TOPIC: _topic,
    RevisionKind.SERIES: _series,
    RevisionKind.HOST: _host,
    RevisionKind.LIVESTREAM: _livestream,
}

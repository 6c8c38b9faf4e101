"""Addresses of calendars and podcasts; they answer 304 before anything else is read."""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext
from werkzeug.http import quote_etag

from catalog.access import livestream_for
from catalog.enums import LivestreamState
from catalog.feeds.events import Event, calendar
from catalog.feeds.invitations import CALENDAR_TYPE
from catalog.feeds.podcast import Channel, podcast
from catalog.feeds.queries import list_episodes, list_events, newest_change, one_topic
from catalog.feeds.wording import Wording, wording_for
from catalog.schedule.rules import Selection, selection_of
from catalog.views.blueprint import database
from core.words import in_language

feeds = Blueprint("catalog_feeds", __name__)

PODCAST_TYPE = "application/rss+xml; charset=utf-8"
WATCH = "streams_pages.watch"
EDITION = 3
"""Raised when the same data is written differently, so that nobody is told of no change."""


@feeds.get("/livestreams/<livestream_id>.ics")
def livestream_calendar(livestream_id: str) -> Response:
    """Give one livestream as a calendar file to whoever may know of it."""
    one = livestream_for(database(), livestream_id=livestream_id, actor=g.actor)
    event = Event(
        one.id,
        one.starts_at,
        one.ends_at,
        one.timezone,
        one.state,
        one.sequence,
        one.updated_at,
        one.host_wanted_at is not None and one.state == LivestreamState.SCHEDULED,
        in_language(one.titles, g.language) if _with_titles() else "",
        is_premiere=one.premiere,
    )
    tag = _tag(one.updated_at.isoformat())
    answer = _unless_known(tag, one.updated_at, lambda: calendar([event], _wording()))
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@feeds.get("/calendar/topics/<slug>.ics")
def topic_calendar(slug: str) -> Response:
    """Give the livestreams of a topic as a calendar to subscribe to."""
    return _calendar(Selection(topic=one_topic(database(), slug=slug).slug))


@feeds.get("/calendar/schedule.ics")
def schedule_calendar() -> Response:
    """Give what the filters of the schedule select as a calendar to subscribe to."""
    return _calendar(selection_of(request.args))


@feeds.get("/feeds/topics/<slug>.xml")
def topic_feed(slug: str) -> Response:
    """Give the replays of a topic as a podcast."""
    topic = one_topic(database(), slug=slug)
    episodes = list_episodes(database(), slug=slug)
    name = in_language(topic.names, g.language)
    channel = Channel(
        title=gettext("Mindcast: %(topic)s", topic=name),
        description=gettext("Talks by psychiatrists on %(topic)s.", topic=name),
        language=g.language,
        page=g.site + url_for("catalog_pages.topic", slug=slug),
        address=g.site + url_for("catalog_feeds.topic_feed", slug=slug),
        pages=g.site + url_for(WATCH, livestream_id=""),
        site=g.site,
        host=_host(),
    )
    body = podcast(topic, episodes, channel)
    return _public(_unless_known(_tag(body.decode()), None, lambda: body, PODCAST_TYPE))


def _calendar(selection: Selection) -> Response:
    """Answer with a public calendar; a 304 reads nothing but the time of the newest change."""
    changed = newest_change(database())
    # what was over for 30 days leaves by itself: an answer is the same for an hour at most
    tag = _tag(changed.isoformat(), g.now.isoformat()[:13], repr(selection))
    return _public(_unless_known(tag, changed, lambda: _written(selection)))


def _written(selection: Selection) -> str:
    events = list_events(
        database(),
        selection=selection,
        language=g.language,
        with_titles=_with_titles(),
        now=g.now,
    )
    return calendar(events, _wording())


def _unless_known(
    tag: str,
    changed: datetime | None,
    write: Callable[[], str | bytes],
    content_type: str = CALENDAR_TYPE,
) -> Response:
    """Answer 304 to who has what ``tag`` names, else write it."""
    if request.if_none_match:
        is_known = request.if_none_match.contains_weak(tag)
    else:
        since = request.if_modified_since
        is_known = bool(changed and since and changed.replace(microsecond=0) <= since)
    answer = Response(status=304) if is_known else Response(write(), content_type=content_type)
    answer.headers["ETag"] = quote_etag(tag)
    if changed is not None:
        answer.last_modified = changed
    return answer


def _public(answer: Response) -> Response:
    """Let every cache keep it for some minutes: it is the same for everybody."""
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _tag(*facts: str) -> str:
    """Return the entity tag of an answer made from these facts at this address."""
    where = (str(EDITION), g.site, g.language, request.full_path)
    return blake2b("\n".join((*where, *facts)).encode(), digest_size=12).hexdigest()


def _with_titles() -> bool:
    return request.args.get("titles") == "full"


def _wording() -> Wording:
    return wording_for(g.site, g.language, "viewer")


def _host() -> str:
    return urlsplit(g.site).hostname or "localhost"

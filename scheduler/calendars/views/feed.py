"""The calendar itself, for programs: no cookie is needed or set, and 304 comes first."""

from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from flask import Response, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.http import quote_etag

from accounts.rules import Actor
from catalog.feeds.invitations import CALENDAR_TYPE, personal_calendar
from catalog.feeds.wording import Role, Wording, wording_for
from core.database import mark_reading
from scheduler.calendars import access, services
from scheduler.calendars.queries import Owner, Version, parts_of, version_of
from scheduler.calendars.rules import entries_of, is_read_anew, oldest
from scheduler.calendars.views.blueprint import current_session, pages, site

EDITION: Final = 1
"""Raised when the same data is written differently, so that nobody is told of no change."""


@pages.get("/calendar/my/<secret>.ics")
def my_calendar(secret: str) -> Response:
    """Give everything somebody hosts, moderates and waits for; titles if asked for."""
    session, key = current_session(), site().data_key
    owner, actor = access.owner_by_secret(session, secret=secret, data_key=key)
    version = version_of(session, owner=owner, actor=actor, since=oldest(g.now))
    tag = _tag(owner, version)
    is_known = request.if_none_match.contains_weak(tag)
    answer = Response(status=304) if is_known else _written(owner, actor)
    answer.headers["ETag"] = quote_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    _note_read(owner)
    return answer


def _written(owner: Owner, actor: Actor) -> Response:
    with_titles = _with_titles(owner)
    parts = parts_of(
        current_session(),
        owner=owner,
        actor=actor,
        since=oldest(g.now),
        with_titles=with_titles,
    )
    entries = entries_of(parts, language=owner.language, with_titles=with_titles)
    body = personal_calendar(
        ((entry.event, _wording(g.site, owner.language, entry.role)) for entry in entries),
        about=_wording(g.site, owner.language, "viewer"),
    )
    return Response(body, content_type=CALENDAR_TYPE)


@lru_cache(maxsize=64)
def _wording(address: str, language: str, role: Role) -> Wording:
    return wording_for(address, language, role)


def _with_titles(owner: Owner) -> bool:
    return owner.shows_titles or request.args.get("titles") == "full"


def _tag(owner: Owner, version: Version) -> str:
    """Return the entity tag: what is long over leaves at midnight, all else counts as a change."""
    facts = (
        *(EDITION, g.site, owner.feed_id, owner.language, _with_titles(owner)),
        *(oldest(g.now), *version),
    )
    return blake2b("\n".join(map(str, facts)).encode(), digest_size=12).hexdigest()


def _note_read(owner: Owner) -> None:
    """Note once an hour that the calendar is read, in a transaction of its own.

    The one that read is over by then: on SQLite one that began as a reader cannot write safely.
    When the database is busy the next reader notes it.
    """
    if not is_read_anew(owner.read_at, g.now):
        return
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)
    try:
        with suppress(OperationalError):
            services.note_read(session, feed_id=owner.feed_id, now=g.now)
            session.commit()
    finally:
        session.rollback()
        mark_reading(only_reads=True)

"""Pages that every stranger sees alike are drawn once and kept while the catalogue stays the same.

A stranger is shown public livestreams only, so nothing personal can be kept. Who is signed in gets
a page of their own; the parts of it that are the same for all come from the same shelf.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from typing import ParamSpec

from flask import Response, g, make_response, request
from markupsafe import Markup

from accounts.rules import STRANGER
from catalog.queries import TopicView, Version, catalogue_version, list_topics
from catalog.views.blueprint import database, shelf

P = ParamSpec("P")


class PersonalPageError(RuntimeError):
    """A page that was to be kept for everybody holds the form token of one person."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a page, and the symbols that its sprite has to have."""

    markup: Markup
    symbols: frozenset[str]


def kept_for_strangers(view: Callable[P, str]) -> Callable[P, Response]:
    """Keep the pages of ``view`` for whoever is not signed in, one per language, zone and query."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        if g.actor != STRANGER:
            return make_response(view(*args, **kwargs))
        key = (request.script_root, request.path, request.query_string, g.zone.key, g.site)
        version = _version()
        body, tag = shelf().fetch(key, version, lambda: _drawn(view(*args, **kwargs)))
        response = Response(body, mimetype="text/html")
        response.set_etag(tag, weak=True)
        response.make_conditional(request)
        return response

    return answer


def kept_part(name: str, draw: Callable[[], str]) -> Markup:
    """Return a part of a page that shows public things only, for whoever looks.

    ``draw`` must not read who is asking; it is drawn once per language, zone and
    address: a link that leads back names the address it stands at.
    """
    key = ("part", name, request.script_root, request.query_string, g.zone.key, g.site)
    part = shelf().fetch(key, _version(), lambda: _part(draw))
    g.symbols = g.get("symbols", set()) | part.symbols
    return part.markup


def kept_topics() -> tuple[TopicView, ...]:
    """Return all topics: everybody sees the same ones."""
    return shelf().fetch(("topics",), _version(), lambda: list_topics(database()))


def _version() -> Version:
    """Return the version of the catalogue; one query per request, before anything is read."""
    if "catalogue_version" not in g:
        g.catalogue_version = catalogue_version(database())
    version: Version = g.catalogue_version
    return version


def _drawn(page: str) -> tuple[bytes, str]:
    """Return the bytes of a page and their tag."""
    if "csrf_token" in g:
        raise PersonalPageError(request.path)
    body = page.encode()
    return body, blake2b(body, digest_size=10).hexdigest()


def _part(draw: Callable[[], str]) -> _Part:
    """Draw a part as a stranger sees it, whoever asks."""
    symbols, actor = g.get("symbols", set()), g.actor
    g.symbols, g.actor = set(), STRANGER
    try:
        return _Part(Markup(draw()), frozenset(g.symbols))  # noqa: S704 -- a template drew it
    finally:
        g.symbols, g.actor = symbols, actor

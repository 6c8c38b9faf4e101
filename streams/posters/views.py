"""The page of a poster, and the poster as files; for whoever may know of the livestream."""

from flask import Blueprint, Response, abort, g, render_template, request

from catalog.access import livestream_view_for
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.queries import LivestreamView
from streams.posters.drawing import as_png, as_svg
from streams.posters.layout import Poster
from streams.posters.words import words_of
from streams.requests import current_session

pages = Blueprint("poster_pages", __name__)

NOWHERE = frozenset({L.DRAFT, L.PROPOSED, L.CANCELLED, L.MISSED})
"""States in which a sheet on a wall would lead nowhere."""
KEPT_SECONDS = 300  # a shared cache may keep a public sheet: drawing one takes a while


@pages.get("/livestreams/<livestream_id>/poster")
def poster(livestream_id: str) -> str:
    """Show the poster, with its two forms as files."""
    view = _known(livestream_id)
    return render_template("streams/posters/poster.html", livestream=view, neutral=_is_neutral())


@pages.get("/livestreams/<livestream_id>/poster.svg")
def poster_svg(livestream_id: str) -> Response:
    """Give the poster as SVG."""
    view = _known(livestream_id)
    return _file(view, as_svg(_words(view)), "image/svg+xml", "svg")


@pages.get("/livestreams/<livestream_id>/poster.png")
def poster_png(livestream_id: str) -> Response:
    """Give the poster as a picture."""
    view = _known(livestream_id)
    return _file(view, as_png(_words(view)), "image/png", "png")


def _known(livestream_id: str) -> LivestreamView:
    view = livestream_view_for(current_session(), livestream_id=livestream_id, actor=g.actor)
    if view.state in NOWHERE:
        abort(404)
    return view


def _words(view: LivestreamView) -> Poster:
    return words_of(view, language=g.language, site=g.site, neutral=_is_neutral())


def _is_neutral() -> bool:
    return request.args.get("titles") == "neutral"


def _file(view: LivestreamView, body: str | bytes, kind: str, ending: str) -> Response:
    answer = Response(body, mimetype=kind)
    name = f'inline; filename="mindcast-poster.{ending}"'  # no title in a list of downloads
    answer.headers["Content-Disposition"] = name
    if view.visibility == Visibility.PUBLIC:
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        answer.headers["Vary"] = "Cookie, Accept-Language"
    return answer

"""What programs look for at the root: the mark of the site, what to search, and what not."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Response, current_app
from markupsafe import escape

from catalog.queries import Find, catalogue_version, public_finds
from core.words import CHINESE, ENGLISH
from web.addresses import site_url
from web.database import db
from web.language import PREFIX
from web.pages import pages

ICON = Path(__file__).parent / "templates" / "web" / "favicon.svg"
ICON_SECONDS = 7 * 24 * 3600
ROBOTS = """User-agent: *
Disallow: /api/
Disallow: /hosting
Disallow: /internal/
Disallow: /media/
Disallow: /preferences
Disallow: /sign-in
Disallow: /zh/hosting
Disallow: /zh/preferences
Disallow: /zh/sign-in

Sitemap: {site}/sitemap.xml
"""
ALWAYS = ("/", "/topics", "/series", "/replays", "/hosts", "/help")
"""Pages that are there whatever the catalogue holds."""


@pages.get("/robots.txt")
def robots() -> Response:
    """Tell search engines what is of no use to them."""
    return Response(ROBOTS.format(site=site_url()), mimetype="text/plain")


@pages.get("/favicon.ico")
@pages.get("/favicon.svg")
def icon() -> Response:
    """Give the mark of the site; browsers ask for the first name when a page names none."""
    answer = Response(_icon(), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={ICON_SECONDS}"
    return answer


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """Name the pages that everybody may find, each with its other language."""
    site = site_url()
    shelf = current_app.extensions["mindcast.shelf"]
    version = catalogue_version(db.session)
    text = shelf.fetch(("sitemap", site), version, lambda: _sitemap(site))
    return Response(text, mimetype="application/xml")


def _sitemap(site: str) -> str:
    entries = (*(Find(path) for path in ALWAYS), *public_finds(db.session))
    return "".join(_lines(site, entries))


def _lines(site: str, entries: tuple[Find, ...]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    yield 'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for entry in entries:
        addresses = {
            ENGLISH: f"{site}{entry.path}",
            CHINESE: f"{site}{PREFIX}{entry.path}",
        }
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(address)}"/>'
            for tag, address in addresses.items()
        )
        for address in addresses.values():
            yield f"<url><loc>{escape(address)}</loc>{_changed(entry.changed_at)}{others}</url>\n"
    yield "</urlset>\n"


def _changed(moment: datetime | None) -> str:
    return f"<lastmod>{moment:%Y-%m-%d}</lastmod>" if moment else ""


@cache
def _icon() -> bytes:
    return ICON.read_bytes()

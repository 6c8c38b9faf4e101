"""What every template can use: assets, symbols, times in the viewer's zone, crisis help."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for

from core.clock import utc_now
from core.places import place_of
from core.words import CHINESE, ENGLISH, Words, in_language
from media.paths import url_of_key
from web import symbols, times
from web import words as messages
from web.addresses import canonical_url, site_url
from web.assets import asset_url
from web.crisis import places_for
from web.language import address_in, current_language
from web.waiting import waits


def equip(app: Flask) -> None:
    """Register the functions and filters of templates, and what each page is given."""
    app.context_processor(page_context)
    app.jinja_env.globals.update(
        _=messages.gettext,
        gettext=messages.gettext,
        ngettext=messages.ngettext,
        asset_url=asset_url,
        icon=symbols.icon,
        mark=symbols.mark,
        art=symbols.art,
        sprite=symbols.sprite,
        verified=symbols.verified,
        page_url=page_url,
        preferences_here=preferences_here,
        day_word=times.day_word,
        ago=times.ago,
        place_of=place_of,
        waits=waits,
    )
    app.jinja_env.filters.update(
        words=words,
        clock=times.clock,
        day=times.day,
        month_day=times.month_day,
        short_day=times.short_day,
        long_day=times.long_day,
        month=times.month_of_year,
        at=times.at,
        machine=times.machine,
        minutes=times.minutes,
        media_url=url_of_key,
    )


def page_context() -> dict[str, Any]:
    """Return what layout and pages are drawn with; nothing here asks the database."""
    now = g.get("now") or utc_now()
    zone = times.viewer_zone()
    language = current_language()
    return {
        **messages.functions_in(language),
        "now": now,
        "zone": zone.key,
        "zone_words": partial(times.zone_words, now),
        "crisis_places": places_for(zone.key),
        "other_language": ENGLISH if language == CHINESE else CHINESE,
        "gap": "" if language == CHINESE else " ",  # between two sentences
        "here": request.endpoint or "",
        "root": request.script_root,
        "site": site_url(),
        "here_path": request.path,
        "canonical_url": canonical_url,
    }


def page_url(endpoint: str, **values: Any) -> str | None:  # noqa: ANN401 -- as url_for
    """Return the address of a page, or None where this installation has no such page.

    Those without values are the same on every page of a language; building one is not cheap.
    """
    if endpoint not in current_app.view_functions:
        return None
    if values:
        return url_for(endpoint, **values)
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("mindcast.addresses", {})
    key = (endpoint, request.script_root)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def preferences_here() -> str:
    """Return the address of the page of preferences, which leads back to the present one."""
    here = urlencode({"next": address_in(current_language())})
    return f"{url_for('web_pages.preferences')}?{here}"


def words(texts: Words) -> str:
    """Return a text that exists in several languages in that of the page."""
    return in_language(texts, current_language())

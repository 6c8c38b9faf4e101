"""The page on which visitors choose their language and time zone, without an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from catalog.rules import is_timezone
from core.words import CHINESE, LANGUAGES
from web.choices import remember_language, remember_zone
from web.language import PREFIX, current_language
from web.pages import pages
from web.times import device_zone, place_of, viewer_zone

COMMON = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Toronto",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A zone that can be chosen, and how its place is called."""

    zone: str
    name: str


@pages.get("/preferences")
def preferences() -> str:
    """Show the form; it works without scripts."""
    language = current_language()
    return render_template(
        "web/preferences.html",
        chosen=viewer_zone().key,
        device=device_zone(),
        common=[Choice(zone, place_of(zone, language)) for zone in COMMON],
        regions=zones_by_region(language),
        languages=LANGUAGES,
        next=local_path(request.args.get("next", "")),
    )


@pages.post("/preferences")
def keep_preferences() -> Response:
    """Keep what was chosen and go back to the page that somebody came from."""
    zone = request.form.get("zone", "")
    language = request.form.get("language", "")
    language = language if language in LANGUAGES else current_language()
    back = without_language(local_path(request.form.get("next", "")))
    answer = redirect((PREFIX if language == CHINESE else "") + back, 303)
    remember_language(answer, language)
    remember_zone(answer, zone if is_timezone(zone) else "")
    return answer


def local_path(address: str) -> str:
    """Return an address if it is a path of this site, else nothing: never lead anywhere else."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket without its pair
        return ""
    is_local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    is_plain = not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if is_local and is_plain else ""


def without_language(path: str) -> str:
    """Return a path of this site without the prefix of its language; it has one slash in front."""
    rest = path.removeprefix(PREFIX)
    bare = rest if rest[:1] in {"", "/", "?"} else path
    return "/" + bare.lstrip("/")


@cache
def zones_by_region(language: str) -> Mapping[str, tuple[Choice, ...]]:
    """Return every zone of a place by the region in its name, in the order of the places' names."""
    regions: dict[str, list[Choice]] = {region: [] for region in REGIONS}
    for zone in available_timezones():
        region = zone.partition("/")[0]
        if region in regions and "/" in zone:
            regions[region].append(Choice(zone, place_of(zone, language)))
    return {
        region: tuple(sorted(choices, key=lambda choice: (choice.name, choice.zone)))
        for region, choices in regions.items()
    }

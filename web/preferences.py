"""The page on which visitors choose their language and time zone, without an account."""

from urllib.parse import urlsplit

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from core.places import Place, place_of, places_by_area
from core.walltime import is_timezone
from core.words import CHINESE, LANGUAGES
from web.choices import remember_language, remember_zone
from web.language import PREFIX, current_language
from web.pages import pages
from web.times import device_zone, viewer_zone

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


@pages.get("/preferences")
def preferences() -> str:
    """Show the form; it works without scripts."""
    language, chosen = current_language(), viewer_zone().key
    return render_template(
        "web/preferences.html",
        chosen=chosen,
        chosen_else=None if _is_listed(chosen, language) else place_of(chosen, language),
        device=device_zone(),
        common=[Place(zone, place_of(zone, language)) for zone in COMMON],
        regions=places_by_area(language),
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


def _is_listed(zone: str, language: str) -> bool:
    """Tell whether a zone is offered; an older name of one, which a device may say, is not."""
    areas = places_by_area(language).values()
    return zone in COMMON or any(one.zone == zone for places in areas for one in places)


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

"""What a poster says of a livestream, in the language of the page."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext

from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.queries import LivestreamView
from core.places import locale_of, offset, place_of
from core.words import CHINESE, in_language
from streams.posters.layout import Poster

PATTERNS = {"en": "EEEE d MMMM y, HH:mm", CHINESE: "y年M月d日 EEEE HH:mm"}


def words_of(view: LivestreamView, *, language: str, site: str, neutral: bool) -> Poster:
    """Return the words of a sheet.

    Args:
        view: Which livestream.
        language: Of the words.
        site: The address of the site, without a slash at the end.
        neutral: Name neither the subject nor who speaks about it: for walls where that would
            tell something about whoever looks.
    """
    prefix = "/zh" if language == CHINESE else ""
    over = view.state in {L.ENDED, L.PUBLISHED}
    topics = " · ".join(in_language(topic.names, language) for topic in view.topics)
    zone = ZoneInfo(view.timezone)
    start = view.starts_at.astimezone(zone)
    public = view.visibility == Visibility.PUBLIC
    nameless = neutral or view.wants_host
    return Poster(
        language=language,
        eyebrow="" if neutral else topics,
        title=gettext("A talk you can watch alone") if neutral else _title(view, language),
        host="" if nameless else in_language(view.host.names, language),
        post="" if nameless else in_language(view.host.titles, language),
        moment=gettext("Watch it whenever you like") if over else _moment(start, language),
        zone="" if over else f"{place_of(view.timezone, language)}, {offset(start)}",
        invitation=gettext("Scan to watch") if over else gettext("Scan to join"),
        promise=_promise(public=public),
        address=f"{site}{prefix}/livestreams/{view.id}",
        education=gettext("Education, not treatment: a talk speaks to everyone."),
        crisis=gettext("Feeling unsafe? Numbers you can call now: %(address)s",
                       address=f"{site}{prefix}/help"),
    )  # fmt: skip


def _title(view: LivestreamView, language: str) -> str:
    return in_language(view.titles, language)


def _moment(start: datetime, language: str) -> str:
    return format_datetime(start, PATTERNS[language], locale=locale_of(language))


def _promise(*, public: bool) -> str:
    if public:
        return str(gettext("Free. No account. Nobody learns that you watched."))
    return str(gettext("For members. Sign in once; your employer never learns that you watched."))

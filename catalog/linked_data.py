"""What search engines are told of a page: schema.org as JSON-LD, nothing that is not so. Pure.

A livestream that comes is an Event, one on air a BroadcastEvent, a replay a VideoObject. Private
ones are never told: their pages are not for search engines. https://schema.org
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.queries import HostView, LivestreamView, Programme, TopicDetail
from catalog.topic_words import ReviewState
from core.clock import rfc3339
from core.words import CHINESE, in_language
from media.paths import url_of_key

CONTEXT: Final = "https://schema.org"
EVENT_STATUS: Final = {L.CANCELLED: "EventCancelled"}
EVENTS: Final = frozenset({L.SCHEDULED, L.LIVE, L.CANCELLED})
VIDEOS: Final = frozenset({L.PUBLISHED})
PREFIXES: Final = {CHINESE: "/zh"}

Data = dict[str, Any]


def graph(*things: Data | None) -> Data | None:
    """Return one document of several things; None when there are none."""
    told = [thing for thing in things if thing]
    return {"@context": CONTEXT, "@graph": told} if told else None


def programme_data(programme: Programme, *, site: str, language: str) -> Data | None:
    """Tell of the livestreams that a page lists."""
    shown = (*programme.live, *programme.coming, *programme.replays)
    return graph(*(livestream_data(one, site=site, language=language) for one in shown))


def list_data(livestreams: Iterable[LivestreamView], *, site: str, language: str) -> Data | None:
    """Tell of some livestreams."""
    return graph(*(livestream_data(one, site=site, language=language) for one in livestreams))


def livestream_data(livestream: LivestreamView, *, site: str, language: str) -> Data | None:
    """Tell of one livestream; None of one that is private, or in a state without a page to find."""
    if livestream.visibility != Visibility.PUBLIC:
        return None
    if livestream.state in EVENTS:
        return _event(livestream, site, language)
    return _video(livestream, site, language) if livestream.state in VIDEOS else None


def host_data(host: HostView, *, site: str, language: str) -> Data:
    """Tell of a host; that an example is made up is part of it."""
    works_for = in_language(host.institutions, language)
    return _filled(
        {
            "@type": "Person",
            "@id": address(site, language, f"/hosts/{host.id}"),
            "name": in_language(host.names, language),
            "jobTitle": in_language(host.titles, language),
            "worksFor": {"@type": "Organization", "name": works_for} if works_for else None,
            "disambiguatingDescription": "Example: made up for a demonstration"
            if host.is_example
            else None,
        }
    )


def topic_data(detail: TopicDetail, state: ReviewState, *, site: str, language: str) -> Data:
    """Tell of the page of a topic; who reviewed it only when somebody has."""
    checked = state is not ReviewState.DRAFT and detail.reviewed_at is not None
    return _filled(
        {
            "@type": "WebPage",
            "@id": address(site, language, f"/topics/{detail.topic.slug}"),
            "name": in_language(detail.topic.names, language),
            "description": in_language(detail.topic.descriptions, language),
            "inLanguage": language,
            "lastReviewed": detail.reviewed_at.date().isoformat()
            if checked and detail.reviewed_at
            else None,
            "reviewedBy": {"@type": "Person", "name": detail.reviewed_by} if checked else None,
        }
    )


def crumbs_data(*crumbs: tuple[str, str], site: str, language: str) -> Data:
    """Tell where a page stands: (name, path) from the top down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": address(site, language, path),
            }
            for position, (name, path) in enumerate(crumbs, start=1)
        ],
    }


def address(site: str, language: str, path: str) -> str:
    """Return the whole address of a page in a language; ``site`` has no slash at the end."""
    return f"{site}{PREFIXES.get(language, '')}{path}"


def _event(livestream: LivestreamView, site: str, language: str) -> Data:
    is_live = livestream.state == L.LIVE
    url = address(site, language, f"/livestreams/{livestream.id}")
    status = EVENT_STATUS.get(L(livestream.state), "EventScheduled")
    return _filled(
        {
            "@type": "BroadcastEvent" if is_live else "Event",
            "@id": url,
            "name": in_language(livestream.titles, language),
            "description": in_language(livestream.descriptions, language),
            "url": url,
            "startDate": rfc3339(livestream.started_at or livestream.starts_at),
            "endDate": rfc3339(livestream.ends_at),
            "eventStatus": f"{CONTEXT}/{status}",
            "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": url},
            "isAccessibleForFree": True,
            "isLiveBroadcast": True if is_live else None,
            "inLanguage": livestream.language,
            "performer": None
            if livestream.wants_host
            else host_data(livestream.host, site=site, language=language),
            "organizer": {"@type": "Organization", "name": "Mindcast", "url": f"{site}/"},
        }
    )


def _video(livestream: LivestreamView, site: str, language: str) -> Data:
    url = address(site, language, f"/livestreams/{livestream.id}")
    began = livestream.started_at or livestream.starts_at
    ended = livestream.ended_at
    return _filled(
        {
            "@type": "VideoObject",
            "@id": url,
            "name": in_language(livestream.titles, language),
            "description": in_language(livestream.descriptions, language)
            or in_language(livestream.titles, language),
            "url": url,
            "uploadDate": rfc3339(livestream.published_at or livestream.ended_at or began),
            "duration": duration(ended - began) if ended and ended > began else None,
            "thumbnailUrl": site + url_of_key(livestream.poster_key)
            if livestream.poster_key
            else None,
            "isAccessibleForFree": True,
            "inLanguage": livestream.language,
            "creator": host_data(livestream.host, site=site, language=language),
        }
    )


def duration(span: timedelta) -> str:
    """Return a length as ISO 8601 writes it, ``PT45M10S``."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def _filled(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "")}

"""From the catalogue's views to the objects of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.queries import HostFacts, HostView, LivestreamView, TopicView, facts_of_hosts
from catalog.rules import is_verified, may_run
from core.clock import rfc3339, utc_now
from core.settings import Settings
from core.words import in_language
from media.paths import master_url
from streams.doors.keys import keys_of
from streams.playback.rules import Facts, may_play, standing_of
from web.addresses import site_url
from web.database import db
from web.home import rtmp_address
from web.language import current_language
from web.security import current_actor

PLAYABLE = frozenset({L.LIVE, L.ENDED, L.PUBLISHED})


def settings() -> Settings:
    """Return the settings of the application."""
    found: Settings = current_app.extensions["mindcast.settings"]
    return found


def moment(value: datetime | None) -> str | None:
    """Write a time of a view, which may not have come yet."""
    return None if value is None else rfc3339(value)


def one_livestream(view: LivestreamView) -> dict[str, Any]:
    """Return the object of one livestream for whoever asks."""
    return livestreams([view])[0]


def livestreams(views: list[LivestreamView]) -> list[dict[str, Any]]:
    """Return the objects of livestreams; their stream keys are read at once."""
    actor = current_actor()
    own = [view.id for view in views if may_run(view, actor)]
    keys = keys_of(db.session, livestream_ids=own, data_key=settings().data_key) if own else {}
    rtmp = rtmp_address(settings().home) if keys else ""
    return [_livestream(view, actor, _ingest(view.id, keys, rtmp)) for view in views]


def playback_url(view: LivestreamView, actor: Actor, now: datetime) -> str | None:
    """Return the address of the master playlist if the actor may play it now."""
    path = playback_path(view, actor, now)
    return None if path is None else site_url() + path


def playback_path(view: LivestreamView, actor: Actor, now: datetime) -> str | None:
    """Return the same without a host, for an answer that viewers by several names share."""
    facts = Facts(
        livestream_id=view.id,
        broadcast_id=view.broadcast_id,
        state=L(view.state),
        visibility=Visibility(view.visibility),
        organisation_id=view.organisation_id,
        host_id=view.host_id,
        ended_at=view.ended_at,
        recorded=view.recorded,
        withheld=view.withheld_at is not None,
    )
    if facts.state not in PLAYABLE or not may_play(standing_of(actor, facts), facts, now):
        return None
    return master_url(view.broadcast_id)


def hosts(views: Sequence[HostView]) -> list[dict[str, Any]]:
    """Return the objects of hosts; what stands beside their rows is read at once."""
    facts = facts_of_hosts(db.session, host_ids=[view.id for view in views])
    return [_host(view, facts[view.id]) for view in views]


def _host(view: HostView, facts: HostFacts) -> dict[str, Any]:
    language, now = current_language(), utc_now()
    until = view.verified_until if is_verified(view.verified_until, now) else None
    return {
        "id": view.id,
        "name": in_language(view.names, language),
        "title": in_language(view.titles, language),
        "institution": in_language(view.institutions, language),
        "department": in_language(view.departments, language),
        "biography": in_language(view.biographies, language),
        "verified": until is not None,
        "verified_until": None if until is None else until.date().isoformat(),
        "credential": view.credential_kind,
        "topics": facts.topics,
        "languages": facts.languages,
        "interests": view.interests,
        "page_url": f"{site_url()}/hosts/{view.id}",
    }


def topic(view: TopicView) -> dict[str, Any]:
    """Return the object of a topic."""
    return {
        "slug": view.slug,
        "name": view.names,
        "description": view.descriptions,
        "risk": view.risk,
        "page_url": f"{site_url()}/topics/{view.slug}",
    }


def _livestream(
    view: LivestreamView, actor: Actor, ingest: dict[str, str] | None
) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": view.titles,
        "description": view.descriptions,
        "topics": [about.slug for about in view.topics],
        "language": view.language,
        "host": {"id": view.host.id, "name": in_language(view.host.names, current_language())},
        "host_wanted": view.wants_host,
        "starts_at": rfc3339(view.starts_at),
        "ends_at": rfc3339(view.ends_at),
        "timezone": view.timezone,
        "state": view.state,
        "interrupted": view.interrupted,
        "visibility": view.visibility,
        "organisation": view.organisation_id,
        "replay_policy": view.replay_policy,
        "auto_start": view.auto_start,
        "scope": view.scope,
        "recorded": view.recorded,
        "premiere": view.premiere,
        "audiences": view.audiences,
        "captions": view.captions,
        "series": view.series.id if view.series else None,
        "started_at": moment(view.started_at),
        "ended_at": moment(view.ended_at),
        "published_at": moment(view.published_at),
        "page_url": f"{site_url()}/livestreams/{view.id}",
        "playback_url": playback_url(view, actor, utc_now()),
        "ingest": ingest,
    }


def _ingest(livestream_id: str, keys: Mapping[str, str], rtmp: str) -> dict[str, str] | None:
    key = keys.get(livestream_id)
    if key is None:
        return None
    return {
        "url": rtmp,
        "stream_key": key,
        "upload_url": f"{site_url()}/ingest/chunks/{livestream_id}/{key}",
    }

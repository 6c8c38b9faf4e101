"""Hosts: of whom the public may know, and what stands beside their rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel import Locale
from sqlalchemy import ColumnElement, exists, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import Visibility
from catalog.models import Host, HostLanguage, HostTopic, Livestream, Topic
from catalog.queries.visibility import is_announced


@dataclass(slots=True)
class HostFacts:
    """When and where the licence was checked, and what is taught in which languages."""

    checked_at: datetime | None = None
    checked_with: str = ""
    country: str = ""
    topics: list[str] = field(default_factory=list)
    """Slugs, in the order of the topics."""
    languages: list[str] = field(default_factory=list)


def facts_of_hosts(session: Session, *, host_ids: Collection[str]) -> Mapping[str, HostFacts]:
    """Return the facts of hosts by id; two queries."""
    found: defaultdict[str, HostFacts] = defaultdict(HostFacts)
    checked = select(Host.id, Host.checked_at, Host.checked_with, Host.licence_country)
    for row in session.execute(checked.where(Host.id.in_(host_ids))):
        found[row.id] = HostFacts(row.checked_at, row.checked_with, row.licence_country)
    rows = union_all(
        select(
            HostTopic.host_id,
            literal("topic").label("kind"),
            HostTopic.topic_slug.label("value"),
            Topic.position.label("place"),
        )
        .join(Topic, Topic.slug == HostTopic.topic_slug)
        .where(HostTopic.host_id.in_(host_ids)),
        select(HostLanguage.host_id, literal("language"), HostLanguage.language, literal(0)).where(
            HostLanguage.host_id.in_(host_ids)
        ),
    ).order_by("place", "value")
    for host_id, kind, value, _place in session.execute(rows):
        facts = found[host_id]
        (facts.topics if kind == "topic" else facts.languages).append(value)
    return found


def host_known_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor may know of a host.

    Who was never verified and never announced anything in public has no page yet, but for
    themselves and the staff.
    """
    if actor.is_staff:
        return true()
    announced = exists().where(
        Livestream.host_id == Host.id,
        Livestream.visibility == Visibility.PUBLIC,
        is_announced(),
    )
    return or_(
        Host.id == (actor.user_id or ""),
        Host.verified_until.is_not(None),
        Host.checked_at.is_not(None),
        announced,
    )


def country_name(code: str, language: str) -> str:
    """Return the name of a country by its ISO 3166-1 code; nothing for one that is not known."""
    return Locale.parse(language, sep="-").territories.get(code, "") if code else ""

"""What a draft says, and what the database knows of the things it names."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from catalog.models import Host, Livestream, LivestreamTopic, Topic
from catalog.rules import Known, LivestreamDraft, is_id
from core.words import storable


def draft_of(session: Session, livestream: Livestream) -> LivestreamDraft:
    """Return what was said about a livestream, as it stands now."""
    slugs = session.scalars(
        select(LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id == livestream.id)
        .order_by(LivestreamTopic.position)
    )
    return LivestreamDraft(
        titles=livestream.titles,
        descriptions=livestream.descriptions,
        topics=tuple(slugs),
        language=livestream.language,
        host_id=livestream.host_id,
        starts_at=livestream.starts_at,
        ends_at=livestream.ends_at,
        timezone=livestream.timezone,
        visibility=livestream.visibility,
        organisation_id=livestream.organisation_id,
        replay_policy=livestream.replay_policy,
        auto_start=livestream.auto_start,
        scope=livestream.scope,
        recorded=livestream.recorded,
        premiere=livestream.premiere,
    )


def known_to_draft(session: Session, draft: LivestreamDraft) -> Known:
    """Return which of the things a draft names exist."""
    asked = [slug for slug in draft.topics if slug == storable(slug)]
    slugs = session.scalars(select(Topic.slug).where(Topic.slug.in_(asked)))
    organisation = draft.organisation_id
    return Known(
        topics=frozenset(slugs),
        host=is_id(draft.host_id) and session.get(Host, draft.host_id) is not None,
        organisation=organisation is not None
        and is_id(organisation)
        and session.get(Organisation, organisation) is not None,
    )

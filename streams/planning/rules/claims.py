"""What a host says when claiming a slot, and what becomes of it. Pure."""

from dataclasses import dataclass
from typing import Final

from catalog.enums import ReplayPolicy
from catalog.rules import LivestreamDraft, as_words
from core.errors import _
from core.words import Words
from scheduler.spans import Span

NOT_AGREED: Final = _("Please confirm this before you send the form.")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the host says; an empty title takes the one that the slot suggests."""

    titles: Words | str = ""
    descriptions: Words | str = ""
    replay_policy: str = ReplayPolicy.AFTER_RELEASE


@dataclass(frozen=True, slots=True)
class Offered:
    """What the editors said when they offered the slot."""

    titles: Words
    descriptions: Words
    topics: tuple[str, ...]
    language: str
    scope: str
    span: Span
    timezone: str


def draft_of_claim(offered: Offered, claim: Claim, *, host_id: str) -> LivestreamDraft:
    """Return the livestream that a claim makes of a slot."""
    return LivestreamDraft(
        titles=as_words(claim.titles, offered.language) or offered.titles,
        descriptions=as_words(claim.descriptions, offered.language) or offered.descriptions,
        topics=offered.topics,
        language=offered.language,
        host_id=host_id,
        starts_at=offered.span.starts_at,
        ends_at=offered.span.ends_at,
        timezone=offered.timezone,
        replay_policy=claim.replay_policy,
        scope=offered.scope,
    )

"""Who may play a broadcast, decided from facts and the time. Pure.

The replay policy is not among the facts: it decides when a livestream *becomes* ``published``
(:func:`streams.life.rules.next_move`), and what is not published is not shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from accounts.enums import Role
from accounts.rules import Actor
from catalog.enums import LivestreamState, Visibility

END_GRACE: Final = timedelta(seconds=15)
"""Players still ask for a while after the end: they need the ENDLIST and the last segments."""

OVER: Final = frozenset(
    {
        LivestreamState.ENDED,
        LivestreamState.PUBLISHED,
        LivestreamState.CANCELLED,
        LivestreamState.MISSED,
    }
)
GRANT_LIFE: Final = timedelta(hours=12)
DEVICES: Final = 2
"""How many browsers of one person may hold a grant for one broadcast."""


class Audience(StrEnum):
    """The widest circle that may play a broadcast at one moment."""

    EVERYBODY = "everybody"
    MEMBERS = "members"  # of the organisation the livestream is for, and the crew
    CREW = "crew"  # its host and the staff
    NOBODY = "nobody"  # it is not recorded and over, or its host withdrew the consent


class Passage(StrEnum):
    """How a request passes the gate, and so who else may be given the same bytes."""

    DENIED = "denied"
    SHARED = "shared"  # everybody may have it: any cache on the way may keep it
    PERSONAL = (
        "personal"  # this person may have it: only the gated edge and the browser may keep it
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision needs to know about a livestream."""

    livestream_id: str
    broadcast_id: str
    state: LivestreamState
    visibility: Visibility
    organisation_id: str | None
    host_id: str
    ended_at: datetime | None
    recorded: bool = True
    withheld: bool = False
    revision: int = 0
    """Rises whenever something that could be fetched no longer may."""

    @property
    def is_brief(self) -> bool:
        """Whether its media go soon: no cache may keep them for longer than a moment."""
        return self.withheld or not self.recorded


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What an edge is told: how a request passes, and what it may keep of the answer to it."""

    passage: Passage
    revision: int = 0
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a media request shows: the grant cookie and the API token, as they came."""

    grant_token: str | None = None
    bearer_token: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands towards one livestream, at this moment."""

    is_member: bool = False
    is_crew: bool = False
    is_captioner: bool = False
    """Writes the words of what is for everybody, and so hears it once it is over."""


def standing_of(actor: Actor, facts: Facts) -> Standing:
    """Return where ``actor`` stands towards the livestream; a stranger stands nowhere."""
    if actor.user_id is None:
        return Standing()
    return Standing(
        is_member=facts.organisation_id is not None and actor.belongs_to(facts.organisation_id),
        is_crew=actor.is_staff or actor.user_id == facts.host_id,
        is_captioner=actor.has(Role.CAPTIONER),
    )


def audience_at(facts: Facts, now: datetime) -> Audience:
    """Return the widest circle that may play the broadcast at ``now``."""
    if _is_gone(facts, now):
        return Audience.NOBODY
    if not _is_open(facts, now):
        return Audience.CREW
    is_public = facts.visibility is Visibility.PUBLIC
    return Audience.EVERYBODY if is_public else Audience.MEMBERS


def may_play(standing: Standing, facts: Facts, now: datetime) -> bool:
    """Tell whether somebody of this standing may play the broadcast at ``now``."""
    match audience_at(facts, now):
        case Audience.EVERYBODY:
            return True
        case Audience.MEMBERS:
            return standing.is_member or standing.is_crew
        case Audience.CREW:
            return standing.is_crew or _is_captioned_by(standing, facts)
        case Audience.NOBODY:
            return False


def passage(standings: Iterable[Standing], facts: Facts, now: datetime) -> Passage:
    """Return how somebody who showed credentials of these standings passes the gate at ``now``."""
    if audience_at(facts, now) is Audience.EVERYBODY:
        return Passage.SHARED
    may = any(may_play(standing, facts, now) for standing in standings)
    return Passage.PERSONAL if may else Passage.DENIED


def may_hold_grant(standing: Standing, facts: Facts) -> bool:
    """Tell whether a grant makes sense for this person, whatever the state is now.

    A grant may be held before the start, so that the page plays by itself when it comes: the gate
    asks :func:`may_play` at every request anyway.
    """
    is_private = facts.visibility is not Visibility.PUBLIC
    is_needed = is_private and standing.is_member
    return standing.is_crew or is_needed or _is_captioned_by(standing, facts)


def _is_captioned_by(standing: Standing, facts: Facts) -> bool:
    """Tell whether a captioner may hear a replay before its release, to have its words ready."""
    is_public = facts.visibility is Visibility.PUBLIC
    return standing.is_captioner and is_public and facts.state is LivestreamState.ENDED


def _is_gone(facts: Facts, now: datetime) -> bool:
    """Tell whether even its crew is shown nothing any more; rehearsals are, up to the end."""
    if facts.withheld or (facts.state is LivestreamState.PUBLISHED and not facts.recorded):
        return True
    return not facts.recorded and facts.state in OVER and not _is_open(facts, now)


def _is_open(facts: Facts, now: datetime) -> bool:
    match facts.state:
        case LivestreamState.LIVE | LivestreamState.PUBLISHED:
            return True
        case LivestreamState.ENDED:
            return facts.ended_at is not None and now < facts.ended_at + END_GRACE
        case _:
            return False

"""What an offered time must be, and who may claim it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from catalog.enums import Scope
from catalog.rules import Known, LivestreamDraft, draft_faults, is_verified, may_teach
from core.errors import FieldError, NotAllowed, _
from core.words import ENGLISH, Words
from scheduler.enums import SlotState
from scheduler.errors import BeyondScope, NotVerified
from scheduler.slots.errors import NotYourLanguage, NotYourTopic
from scheduler.spans import Span

MOST_WEEKS: Final = 26
"""How many slots one form can make."""
HAND_BACK_UNTIL: Final = timedelta(hours=24)
"""A claimed slot can be handed back until this long before its start."""

TRANSITIONS: Final[Mapping[SlotState, frozenset[SlotState]]] = {
    SlotState.OPEN: frozenset({SlotState.CLAIMED, SlotState.WITHDRAWN}),
    SlotState.CLAIMED: frozenset({SlotState.OPEN}),
    SlotState.WITHDRAWN: frozenset({SlotState.OPEN}),
}

OVER: Final = _("This time is over.")
NO_ROOM: Final = _("There is no such room.")


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """Everything an editor says about an offered time; times are aware."""

    topics: tuple[str, ...]
    language: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    scope: str = Scope.EDUCATION
    titles: Words | str = ""
    descriptions: Words | str = ""
    room_id: str | None = None

    @property
    def span(self) -> Span:
        """When it is."""
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Teacher:
    """What decides which slots a host may claim; no topics or languages named: any."""

    id: str
    verified_until: datetime | None
    kind: str
    topics: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a slot asks of its host."""

    topics: frozenset[str]
    language: str
    scope: str


def refusal_of(teacher: Teacher, asked: Asked, now: datetime) -> NotAllowed | None:
    """Return why a host may not claim what is ``asked``, or None when they may."""
    if not is_verified(teacher.verified_until, now):
        return NotVerified(_("Your licence is not verified at present: see My licence."))
    if not may_teach(teacher.kind, asked.scope):
        return BeyondScope(_("Your profession does not teach this."))
    if teacher.topics and not asked.topics <= teacher.topics:
        return NotYourTopic()
    if teacher.languages and asked.language not in teacher.languages:
        return NotYourLanguage()
    return None


def slot_faults(
    draft: SlotDraft, *, topics: Iterable[str], room_is_known: bool, now: datetime
) -> list[FieldError]:
    """Return everything that is wrong with a slot; ``topics`` are those that there are.

    A slot is what a livestream can be made of, so that the faults are those of a livestream
    without a host, whose title may still be missing.
    """
    as_livestream = LivestreamDraft(
        titles=draft.titles or {ENGLISH: "-"},
        descriptions=draft.descriptions,
        topics=draft.topics,
        language=draft.language,
        host_id="",
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        timezone=draft.timezone,
        scope=draft.scope,
    )
    known = Known(topics=frozenset(topics), host=True, organisation=False)
    own = _own_faults(draft, room_is_known=room_is_known, now=now)
    return [*draft_faults(as_livestream, known), *own]


def _own_faults(draft: SlotDraft, *, room_is_known: bool, now: datetime) -> Iterator[FieldError]:
    if draft.starts_at.tzinfo is not None and draft.starts_at <= now:
        yield FieldError("starts_at", OVER)
    if not room_is_known:
        yield FieldError("room", NO_ROOM)

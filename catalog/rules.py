"""What a livestream must be, and who may know of it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from accounts.rules import Actor
from catalog.enums import CredentialKind, ReplayPolicy, Scope, Visibility
from catalog.enums import LivestreamState as L
from core.errors import FieldError, _
from core.walltime import is_timezone
from core.words import LANGUAGES, Words

GRID: Final = timedelta(minutes=5)
"""Everything starts and lasts a multiple of this."""
SHORTEST: Final = GRID
LONGEST: Final = timedelta(hours=8)
LATE_ENTRY: Final = timedelta(hours=1)
"""A livestream may be entered this long after its start: it is often written down as it begins."""
YEARS: Final = range(2000, 2200)
"""Near the last day there is, a time cannot be told in every zone: each list of it would fail."""
MOST_TOPICS: Final = 5
LONGEST_TITLE: Final = 200
LONGEST_DESCRIPTION: Final = 5000

HIDDEN_STATES: Final = frozenset({L.DRAFT, L.PROPOSED})
"""Only its host and the staff know of a livestream in these states."""

WORDS_FIELDS: Final = frozenset({"titles", "descriptions"})
EDITABLE: Final = {
    L.LIVE: WORDS_FIELDS | {"replay_policy"},  # by its topics it was counted who has to be there
    L.ENDED: WORDS_FIELDS | {"topics"},
    L.PUBLISHED: WORDS_FIELDS | {"topics"},
    L.CANCELLED: frozenset[str](),
    L.MISSED: frozenset[str](),
}
"""What can still be changed; a state that is not named here allows every field."""
HOST_MAY_CHANGE_WHEN_SCHEDULED: Final = WORDS_FIELDS | {
    "replay_policy",
    "auto_start",
    "recorded",
    "premiere",
}
"""Time, host, topics and audience were agreed with the staff when it was scheduled."""
WHEN: Final = frozenset({"starts_at", "ends_at", "timezone"})

TEACHES: Final[Mapping[str, frozenset[str]]] = {
    CredentialKind.PSYCHIATRIST: frozenset(Scope),
    CredentialKind.PSYCHOTHERAPIST: frozenset({Scope.EDUCATION, Scope.DIAGNOSIS}),
    CredentialKind.COUNSELLOR: frozenset({Scope.EDUCATION}),
}
"""What each profession may teach: only a physician teaches medicines and dosing."""


@dataclass(frozen=True, slots=True)
class LivestreamDraft:
    """Everything a person says about a livestream; times are aware."""

    titles: Words | str
    topics: tuple[str, ...]
    language: str
    host_id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    descriptions: Words | str = ""
    visibility: str = Visibility.PUBLIC
    organisation_id: str | None = None
    replay_policy: str = ReplayPolicy.AFTER_RELEASE
    auto_start: bool = False
    scope: str = Scope.EDUCATION
    recorded: bool = True
    premiere: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of the things a draft names."""

    topics: frozenset[str]
    host: bool
    organisation: bool


class Shown(Protocol):
    """What decides who may know of a livestream: a row of it, or a view."""

    @property
    def host_id(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def visibility(self) -> str: ...  # noqa: D102
    @property
    def organisation_id(self) -> str | None: ...  # noqa: D102
    @property
    def announced_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def started_at(self) -> datetime | None: ...  # noqa: D102


def is_id(text: str) -> bool:
    """Tell whether ``text`` could be an identifier; a database refuses some texts with a fault."""
    return text.isascii() and text.isalnum()


def is_verified(verified_until: datetime | None, now: datetime) -> bool:
    """Tell whether a host's licence is valid at ``now``; at the moment it ends it is not."""
    return verified_until is not None and verified_until > now


def may_teach(kind: str, scope: str) -> bool:
    """Tell whether a profession (:class:`CredentialKind`) may teach a :class:`Scope`."""
    return scope in TEACHES.get(kind, frozenset())


def may_run(livestream: Shown, actor: Actor) -> bool:
    """Tell whether the actor is its host or one of the staff."""
    return actor.is_staff or (actor.user_id is not None and actor.user_id == livestream.host_id)


def is_announced(livestream: Shown) -> bool:
    """Tell whether outsiders may know of it.

    What was called off in time never existed for them; a recording that was uploaded to a draft
    does not until an editor releases it.
    """
    if livestream.state == L.CANCELLED:
        return livestream.announced_at is not None
    if livestream.state == L.ENDED:
        return livestream.announced_at is not None or livestream.started_at is not None
    return livestream.state not in HIDDEN_STATES


def may_know(livestream: Shown, actor: Actor) -> bool:
    """Tell whether the actor may learn that the livestream exists."""
    if may_run(livestream, actor):
        return True
    if not is_announced(livestream):
        return False
    return livestream.visibility == Visibility.PUBLIC or actor.belongs_to(
        livestream.organisation_id
    )


def as_words(text: Words | str, language: str) -> dict[str, str]:
    """Return ``text`` per language without empty entries; a plain text is in ``language``."""
    entries = {language: text} if isinstance(text, str) else dict(text)
    return {tag: words.strip() for tag, words in entries.items() if words.strip()}


def nearest_times(moment: datetime) -> tuple[datetime, datetime]:
    """Return the last time on the grid before ``moment`` and the first after it, in UTC."""
    utc = moment.astimezone(UTC)
    since_midnight = utc - utc.replace(hour=0, minute=0, second=0, microsecond=0)
    before = utc - since_midnight % GRID
    return before, before + GRID


def local_start(moment: datetime, timezone: str) -> str:
    """Return the wall time of ``moment`` in ``timezone``, for example ``2026-11-22T20:00:00``."""
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None).isoformat(timespec="seconds")


def draft_faults(draft: LivestreamDraft, known: Known) -> list[FieldError]:
    """Return everything that is wrong with a draft whenever it is written."""
    return [
        *_language_faults(draft),
        *_topic_faults(draft.topics, known.topics),
        *_people_faults(draft, known),
        *_time_faults(draft),
        *_choice_faults(draft),
    ]


def entry_faults(starts_at: datetime, now: datetime) -> list[FieldError]:
    """Return what is wrong with a start that is entered or moved at ``now``."""
    if starts_at.tzinfo is not None and starts_at < now - LATE_ENTRY:
        return [FieldError("starts_at", _("This time is over."))]
    return []


def forbidden_fields(state: str, changed: Iterable[str]) -> list[str]:
    """Return those of ``changed`` that cannot be changed any more in ``state``, sorted."""
    allowed = EDITABLE.get(L(state))
    return (
        sorted(changed)
        if allowed == frozenset()
        else sorted(name for name in changed if allowed is not None and name not in allowed)
    )


def _language_faults(draft: LivestreamDraft) -> Iterator[FieldError]:
    if draft.language not in LANGUAGES:
        yield FieldError(
            "language", _("Choose one of: %(known)s."), {"known": ", ".join(LANGUAGES)}
        )
    titles = as_words(draft.titles, draft.language)
    if not titles:
        yield FieldError("title", _("Write a title in at least one language."))
    yield from _words_faults("title", titles, LONGEST_TITLE)
    descriptions = as_words(draft.descriptions, draft.language)
    yield from _words_faults("description", descriptions, LONGEST_DESCRIPTION)


def _words_faults(name: str, words: Words, longest: int) -> Iterator[FieldError]:
    if not set(words) <= set(LANGUAGES):
        yield FieldError(name, _("Use the languages %(known)s."), {"known": ", ".join(LANGUAGES)})
    if any("\x00" in text for text in words.values()):
        yield FieldError(name, _("This text has characters that cannot be shown."))
    if any(len(text) > longest for text in words.values()):
        yield FieldError(name, _("At most %(longest)s characters."), {"longest": longest})


def _topic_faults(topics: tuple[str, ...], known: frozenset[str]) -> Iterator[FieldError]:
    if not 1 <= len(set(topics)) <= MOST_TOPICS:
        yield FieldError("topics", _("Choose one to %(most)s topics."), {"most": MOST_TOPICS})
    unknown = [slug for slug in topics if slug not in known]
    if unknown:
        yield FieldError("topics", _("There is no topic %(slugs)s."), {"slugs": ", ".join(unknown)})


def _people_faults(draft: LivestreamDraft, known: Known) -> Iterator[FieldError]:
    if not known.host:
        yield FieldError("host", _("There is no such host."))
    if draft.organisation_id is not None and not known.organisation:
        yield FieldError("organisation", _("There is no such organisation."))
    private = draft.visibility == Visibility.ORGANISATION
    if private and draft.organisation_id is None:
        yield FieldError("organisation", _("Say which organisation it is for."))
    if not private and draft.organisation_id is not None:
        yield FieldError("organisation", _("A public livestream belongs to no organisation."))


def _time_faults(draft: LivestreamDraft) -> Iterator[FieldError]:
    naive = [name for name in ("starts_at", "ends_at") if getattr(draft, name).tzinfo is None]
    for name in naive:
        yield FieldError(
            name, _("Give the time with its offset, for example 2026-11-22T20:00:00Z.")
        )
    if not is_timezone(draft.timezone):
        yield FieldError("timezone", _("Use a name like Europe/Berlin or Asia/Shanghai."))
    far = [name for name in ("starts_at", "ends_at") if getattr(draft, name).year not in YEARS]
    for name in far:
        yield FieldError(name, _("Choose a year from 2000 to 2199."))
    if not naive and not far:
        yield from _grid_faults("starts_at", draft.starts_at)
        yield from _grid_faults("ends_at", draft.ends_at)
        if not SHORTEST <= draft.ends_at - draft.starts_at <= LONGEST:
            yield FieldError("ends_at", _("A livestream lasts 5 minutes to 8 hours."))


def _grid_faults(name: str, moment: datetime) -> Iterator[FieldError]:
    before, after = nearest_times(moment)
    if before != moment:
        params = {"before": before.isoformat(), "after": after.isoformat()}
        message = _("Use a multiple of 5 minutes, for example %(before)s or %(after)s.")
        yield FieldError(name, message, params)


def _choice_faults(draft: LivestreamDraft) -> Iterator[FieldError]:
    for name, value, choices in (
        ("visibility", draft.visibility, [*Visibility]),
        ("replay_policy", draft.replay_policy, [*ReplayPolicy]),
        ("scope", draft.scope, [*Scope]),
    ):
        if value not in choices:
            yield FieldError(name, _("Choose one of: %(known)s."), {"known": ", ".join(choices)})


@dataclass(frozen=True, slots=True)
class First:
    """A replay that somebody new to a topic might begin with."""

    id: str
    language: str
    scope: str
    length: timedelta


def first_steps(known: Iterable[First], *, language: str, most: int) -> tuple[str, ...]:
    """Return the ids of what to begin with: general and short ones, in the reader's language.

    ``known`` stands newest first, which decides between equals. A talk in another language is
    offered only when there is none in the reader's; medicines come last.
    """
    generality = {Scope.EDUCATION: 0, Scope.DIAGNOSIS: 1, Scope.MEDICATION: 2}
    listed = list(known)
    own = [one for one in listed if one.language == language] or listed
    order = sorted(own, key=lambda one: (generality.get(Scope(one.scope), 0), one.length))
    return tuple(one.id for one in order[:most])

"""A slot as it is offered, asked for, claimed and shown."""

from pydantic import BaseModel, Field

from catalog.enums import ReplayPolicy, Scope
from scheduler.enums import SlotState
from web.api.schemas.fields import Moment, ShownMoment, ShownWords, Slugs, Strict, Text, Words
from web.api.schemas.livestreams import ListQuery


class SlotWrite(Strict):
    """A time that editors offer; ``room`` is the id of one."""

    topics: Slugs
    language: Text = "en"
    starts_at: Moment
    ends_at: Moment
    timezone: Text = "UTC"
    title: Words = Field(default_factory=dict)
    description: Words = Field(default_factory=dict)
    scope: Scope = Scope.EDUCATION
    room: Text | None = None


class SlotPatch(Strict):
    """Fields to change; a field that is left out stays as it is."""

    topics: Slugs | None = None
    language: Text | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    timezone: Text | None = None
    title: Words | None = None
    description: Words | None = None
    scope: Scope | None = None
    room: Text | None = None


class SlotQuery(ListQuery):
    """Filters of the list of slots; ``state`` takes several, parted by commas."""

    state: Text = ""
    topic: Text = ""
    language: Text = ""
    starts_from: Moment | None = Field(None, alias="from")
    starts_to: Moment | None = Field(None, alias="to")


class ClaimWrite(Strict):
    """What the host says; an empty title takes the one that the slot suggests."""

    title: Words = Field(default_factory=dict)
    description: Words = Field(default_factory=dict)
    replay_policy: ReplayPolicy = ReplayPolicy.AFTER_RELEASE


class ReturnWrite(Strict):
    """Why a proposal goes back to its host."""

    reason: Text


class SlotItem(BaseModel):
    """An offered time; ``held_until`` is there for whoever holds it."""

    id: str
    topics: list[str]
    language: str
    scope: Scope
    title: ShownWords
    description: ShownWords
    starts_at: ShownMoment
    ends_at: ShownMoment
    timezone: str
    state: SlotState
    livestream: str | None
    held_until: ShownMoment | None
    page_url: str


class SlotList(BaseModel):
    """A page of slots."""

    items: list[SlotItem]
    next_cursor: str | None


class HoldItem(BaseModel):
    """Until when a slot is held; None: not any more."""

    expires_at: ShownMoment | None

"""Duties of moderators, and rooms."""

from pydantic import BaseModel, Field

from scheduler.enums import DutyState
from web.api.schemas.fields import ShownMoment, ShownWords, Strict, Text, Words


class ModeratorName(BaseModel):
    """Who moderates."""

    id: str
    name: str


class DutyItem(BaseModel):
    """A moderator's part in a livestream; ``reason`` says why it was declined or taken back."""

    id: str
    livestream: str
    title: ShownWords
    starts_at: ShownMoment
    ends_at: ShownMoment
    moderator: ModeratorName
    state: DutyState
    reason: str
    created_at: ShownMoment
    updated_at: ShownMoment


class DutyList(BaseModel):
    """A page of duties."""

    items: list[DutyItem]
    next_cursor: str | None


class DutyWrite(Strict):
    """Whom a livestream is moderated by: the id of a person."""

    moderator: Text


class DutyDecline(Strict):
    """Why a moderator cannot come."""

    reason: Text = Field("", max_length=1000)


class RoomItem(BaseModel):
    """A room; ``coming`` counts what is still to take place in it."""

    id: str
    name: ShownWords
    note: str
    coming: int
    closed: bool


class RoomList(BaseModel):
    """All rooms."""

    items: list[RoomItem]
    next_cursor: str | None


class RoomWrite(Strict):
    """A room as it is added."""

    name: Words
    note: Text = ""

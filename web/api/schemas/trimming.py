"""The cuts of a replay, and the marks of a livestream that become its chapters."""

from pydantic import AwareDatetime, BaseModel, Field

from web.api.schemas.fields import ShownMoment, Strict, Text


class TrimWrite(Strict):
    """What to keep of a replay, in seconds of it as it is shown; null keeps that end as it is.

    ``revision`` is that which the positions were read from: with it a cut that somebody else made
    since is answered with 409 and not cut once more.
    """

    start_seconds: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    end_seconds: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    revision: int | None = Field(default=None, ge=0)


class TrimItem(BaseModel):
    """How a replay is cut; what is cut off can be brought back until ``undo_until``."""

    shown_seconds: float
    cut_start_seconds: float
    cut_end_seconds: float
    revision: int
    undo_until: ShownMoment | None


class MarkWrite(Strict):
    """Where a chapter begins: the program time of the picture; without it, the latest one."""

    at: AwareDatetime | None = None
    title: Text = Field(default="", max_length=1000)


class MarkChange(Strict):
    """What to change of a mark; what is left out stays."""

    at: AwareDatetime | None = None
    title: Text | None = Field(default=None, max_length=1000)


class MarkItem(BaseModel):
    """A mark; one without a title becomes a numbered chapter."""

    id: str
    at: ShownMoment
    title: str


class MarkList(BaseModel):
    """All marks of a livestream in order."""

    items: list[MarkItem]
    next_cursor: None

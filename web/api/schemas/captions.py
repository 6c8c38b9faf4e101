"""Captions: the tracks of a replay, their lines, and lines typed while it is live."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from web.api.schemas.fields import ShownMoment, Strict, Text

Place = Annotated[int, Field(ge=0, le=1_000_000_000)]
Language = Literal["en", "zh-Hans"]


class CaptionLine(Strict):
    """A line; times are milliseconds after the first second of the replay."""

    start_ms: Place
    end_ms: Place
    text: Text = Field(max_length=2000)


class ShownCaptionLine(BaseModel):
    """A line as it is kept, and whether a person has looked at it."""

    start_ms: int
    end_ms: int
    text: str
    looked_at: bool


class CaptionTrackItem(BaseModel):
    """Captions in one language.

    ``source``: ``human``, ``live`` (typed while it was said), ``automatic``, or ``corrected``
    (automatic, then corrected by a person).
    """

    language: str
    source: str
    lines: int
    looked_at: int


class CaptionTrackList(BaseModel):
    """The captions of a replay, by language."""

    items: list[CaptionTrackItem]
    next_cursor: None


class CaptionRemark(BaseModel):
    """Something that was put right in a file, by its line."""

    line: int
    message: str


class CaptionTrackView(CaptionTrackItem):
    """Captions in one language with their lines in order, and what was put right in a file."""

    items: list[ShownCaptionLine]
    remarks: list[CaptionRemark] = Field(default_factory=list)


class CaptionLinesQuery(BaseModel):
    """Which lines: those that are shown at some moment between the two."""

    from_ms: Place = 0
    to_ms: Place = 1_000_000_000


class CaptionFileWrite(Strict):
    """A WebVTT or SubRip file as text."""

    text: Text = Field(min_length=1, max_length=1_000_000)


class CaptionCorrection(Strict):
    """Lines as they were seen, and those to have in their place.

    None to put in their place removes them, none to replace adds some; the same on both sides
    notes that they were looked at. With both sides exchanged it is undone.
    """

    was: list[CaptionLine] = Field(default_factory=list, max_length=200)
    now: list[CaptionLine] = Field(default_factory=list, max_length=200)


class LiveLineWrite(Strict):
    """A line typed while live; ``age_ms`` is how long ago its words were said."""

    text: Text = Field(min_length=1, max_length=4000)
    language: Language
    age_ms: int = Field(default=4000, ge=0, le=60_000)


class LiveLine(BaseModel):
    """A line that viewers read now; an empty text was taken back."""

    number: int
    language: str
    starts_at: ShownMoment
    text: str


class LiveLineList(BaseModel):
    """Lines typed after one; ask again with ``after`` the last number."""

    items: list[LiveLine]
    next_cursor: None


class LiveLineQuery(BaseModel):
    """Which lines: those typed after the one of this number."""

    after: int = Field(default=0, ge=0, le=1_000_000)

"""How ready a livestream is, and what its host does about it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from web.api.schemas.fields import ShownMoment, ShownWords, Strict

Size = Annotated[int, Field(ge=0, le=7680)]


class ReadinessItem(BaseModel):
    """One thing that going live needs; ``reason`` and ``remedy`` are empty when it is met."""

    code: str
    title: str
    met: bool
    reason: str
    remedy: str


class CrewItem(BaseModel):
    """Somebody of the crew; ``came_at`` is since when they have been here without a break."""

    id: str
    part: Literal["host", "moderator", "staff"]
    name: str
    names: ShownWords
    here: bool
    came_at: ShownMoment | None
    seen_at: ShownMoment | None


class ScriptPartItem(BaseModel):
    """Sentences under one heading."""

    title: str
    sentences: list[str]


class ScriptItem(BaseModel):
    """What to do when somebody is at risk; ``read_at`` is when the host read this version."""

    version: int
    reviewed_by: str
    notice: str
    parts: list[ScriptPartItem]
    read_at: ShownMoment | None


class ReadinessView(BaseModel):
    """What the crew sees before a livestream; ``ready``: nothing is missing."""

    livestream: str
    state: str
    ready: bool
    items: list[ReadinessItem]
    crew: list[CrewItem]
    device_checked_at: ShownMoment | None
    sending: bool
    script: ScriptItem


class DeviceCheckWrite(Strict):
    """What a check saw and heard; figures that were not measured are 0."""

    picture: bool
    sound: bool
    width: Size = 0
    height: Size = 0
    loudest: float = Field(0.0, ge=0, le=1)
    upload_kbit_s: int = Field(0, ge=0, le=10_000_000)
    round_trip_ms: int = Field(0, ge=0, le=60_000)


class ScriptReadingWrite(Strict):
    """Which version was read."""

    version: int = Field(ge=1, le=1_000_000)

"""The slides of a livestream, and the test of a host's line."""

from pydantic import BaseModel, Field

from web.api.schemas.fields import ShownMoment, Strict


class SlidesQuery(Strict):
    """The name of the file, as its crew sees it."""

    name: str = Field(default="", max_length=1000)


class SlidesItem(BaseModel):
    """The PDF that a host shows; ``url`` gives it to the crew, ``size`` is in bytes."""

    name: str
    size: int
    sha256: str
    uploaded_at: ShownMoment
    url: str


class UplinkItem(BaseModel):
    """What arrived of a test of the line, and how long reading it took here."""

    bytes: int
    ms: float

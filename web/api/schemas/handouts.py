"""Hand-outs of a livestream."""

from pydantic import BaseModel, Field

from streams.handouts.enums import Kind
from web.api.schemas.fields import ShownMoment, Strict


class HandoutQuery(Strict):
    """The title, in the language of the livestream; without one the ``name`` of the file."""

    title: str = Field(default="", max_length=1000)
    name: str = Field(default="", max_length=1000)


class HandoutItem(BaseModel):
    """A file to take along; ``url`` gives it, ``size`` is in bytes."""

    id: str
    title: str
    kind: Kind
    size: int
    sha256: str
    saved_as: str
    created_at: ShownMoment
    url: str


class HandoutList(BaseModel):
    """What a livestream offers, in the order in which it was brought."""

    items: list[HandoutItem]
    next_cursor: None

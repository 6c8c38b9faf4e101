"""What somebody follows."""

from pydantic import BaseModel, Field

from catalog.follows.enums import Followed
from web.api.schemas.fields import ShownMoment, ShownWords, Strict, Text


class FollowWrite(Strict):
    """What to follow: ``id`` is the slug of a topic, the id of a series or of a host."""

    kind: Followed
    id: Text = Field(max_length=40)


class FollowItem(BaseModel):
    """One thing that the asker follows; ``id`` is that of the follow, ``subject`` what it is of."""

    id: str
    kind: Followed
    subject: str
    name: ShownWords
    since: ShownMoment
    page_url: str


class FollowList(BaseModel):
    """A page of what the asker follows."""

    items: list[FollowItem]
    next_cursor: str | None

"""A poll as the crew writes and sees it, and an answer to it."""

from pydantic import BaseModel, Field

from streams.polls.enums import PollState
from web.api.schemas.audience import ShownPoll
from web.api.schemas.fields import Strict, Words


class PollWrite(Strict):
    """A question, and two to six answers to choose from; a plain text is in the talk's language."""

    question: Words
    choices: list[Words] = Field(max_length=20)


class PollItem(ShownPoll):
    """A poll with its figures so far, told as they would be if it were released now."""

    state: PollState


class PollList(BaseModel):
    """All polls of a livestream in the order they were written."""

    items: list[PollItem]
    next_cursor: None


class VoteWrite(Strict):
    """The number of the answer, from 0."""

    choice: int = Field(ge=0, le=20)


class VoteItem(BaseModel):
    """What was kept: the answer of this browser alone; figures come with the release."""

    poll: str
    choice: int

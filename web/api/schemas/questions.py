"""A question of somebody without a name, and what becomes of it."""

from pydantic import BaseModel, Field

from streams.questions.enums import QuestionState, RefusalReason
from streams.questions.rules import LONGEST, LONGEST_REPLY
from web.api.schemas.fields import Strict, Text


class QuestionWrite(Strict):
    """A question; ``language`` is found out when it is not said.

    ``name`` is the number of the made-up name that a page offered.
    """

    text: Text = Field(max_length=20 * LONGEST, description=f"At most {LONGEST} characters.")
    language: Text | None = Field(None, max_length=12)
    name: int | None = Field(None, ge=0, le=1_000_000)


class HelpLine(BaseModel):
    """Somebody who listens now."""

    place: str
    name: str
    number: str
    hours: str
    links: list[str] = Field(examples=[["tel:12356"]])


class Help(BaseModel):
    """Who can be reached now; ``urgent``: show it before anything else."""

    urgent: bool
    message: str
    page_url: str
    lines: list[HelpLine]
    redirect: str = Field(examples=["", "diagnosis", "dosing"])
    """What nobody can be told here; empty: nothing of that kind was asked."""


class QuestionTaken(BaseModel):
    """Sent, not shown yet.

    ``edit_token`` is told once and stored nowhere: whoever has it may change the question, take it
    back and read the reply at ``page_url``.
    """

    id: str
    state: QuestionState
    edit_token: str
    page_url: str
    name: str
    help: Help


class QuestionPatch(Strict):
    """For moderators ``state``; with ``edit_token``, for the asker, ``text`` or ``withdrawn``.

    ``version`` is the one that was seen: another one by now is refused. Without it the question is
    meant as it was sent in. ``reply`` goes with ``answered`` and ``private``, ``reason`` with
    ``refused``, ``merged_into`` with ``merged``.
    """

    state: QuestionState | None = None
    version: int = Field(1, ge=1, le=2**31 - 1)
    reason: RefusalReason | None = None
    reply: Text | None = Field(None, max_length=20 * LONGEST_REPLY)
    merged_into: Text | None = Field(None, max_length=40)
    edit_token: Text | None = Field(None, max_length=100)
    text: Text | None = Field(None, max_length=20 * LONGEST)


class QuestionItem(BaseModel):
    """A question as its crew or its asker may see it."""

    id: str
    state: QuestionState
    text: str
    version: int
    votes: int


class QuestionVotes(BaseModel):
    """How many want to know, and whether the asker of this request does."""

    votes: int
    wanted: bool

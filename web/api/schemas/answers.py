"""The answer library."""

from pydantic import BaseModel, Field

from web.api.schemas.fields import ShownMoment, Strict, Text


class AnswerQuery(Strict):
    """What to look for: with ``q`` the best three that fit it, else the newest."""

    q: Text = Field(default="", max_length=500)
    topic: Text = Field(default="", max_length=60)


class QuestionToCome(Strict):
    """What somebody is about to ask."""

    q: Text = Field(min_length=1, max_length=500)


class AnswerItem(BaseModel):
    """A question that was answered in a talk; seconds are those of the replay."""

    id: str
    livestream: str
    question: dict[str, str]
    answer: dict[str, str]
    start_seconds: float
    end_seconds: float
    reviewed_at: ShownMoment | None
    page_url: str


class AnswerList(BaseModel):
    """Answers, the best or the newest first."""

    items: list[AnswerItem]
    next_cursor: str | None = None

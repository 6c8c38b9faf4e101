"""What everybody sees of a livestream beside its video."""

from pydantic import BaseModel, Field

from catalog.enums import LivestreamState
from streams.audience.rules.telling import Few
from streams.handouts.enums import Kind
from streams.polls.enums import PollState
from streams.questions.enums import QuestionState
from web.api.schemas.fields import ShownMoment, ShownWords


class ShownQuestion(BaseModel):
    """A question that a moderator let through, under the asker's made-up name of this room."""

    id: str
    name: ShownWords
    text: str
    language: str
    state: QuestionState
    votes: int
    shown_at: ShownMoment
    on_air_at: ShownMoment | None = None
    reply: str | None = None


class ShownPoll(BaseModel):
    """The poll that a page shows; ``shares``, in percent, and ``answers`` once it is released.

    ``few`` stands in the place of every number that would point at a few people.
    """

    id: str
    question: ShownWords
    choices: list[ShownWords]
    state: PollState
    opened_at: ShownMoment | None
    closed_at: ShownMoment | None
    answers: int | Few | None
    shares: list[int | Few] | None


class ChapterSoFar(BaseModel):
    """A chapter of what is live, in the language of the talk.

    ``at`` is the program time in its playlists, ``second`` counts from the first that was shown.
    """

    at: ShownMoment
    second: int
    title: str


class ShownHandout(BaseModel):
    """A file to take along, at ``handouts/<id>`` below the page; ``size`` is in bytes."""

    id: str
    title: str
    kind: Kind
    size: int


class AudienceState(BaseModel):
    """What a page asks for every one to two seconds while it is open.

    ``questions`` are those that matter most, on air first; all of them, ``questions_count``, stand
    at ``questions_url``, whose address changes with every change. ``chapters`` are the newest 40
    that were marked, while it is live. ``handouts`` are null once it is over: they no longer change
    this state then.
    """

    version: int
    state: LivestreamState
    interrupted: bool
    viewers: int | Few | None
    questions: list[ShownQuestion]
    questions_count: int
    questions_url: str
    poll: ShownPoll | None
    chapters: list[ChapterSoFar]
    handouts: list[ShownHandout] | None
    sample: int
    playback_url: str | None
    starts_at: ShownMoment
    ends_at: ShownMoment
    started_at: ShownMoment | None
    ended_at: ShownMoment | None


class QuestionsQuery(BaseModel):
    """By which change the list was asked for; any number gives the list as it is now."""

    version: int = Field(0, ge=0)


class ShownQuestions(BaseModel):
    """Every question that is shown."""

    version: int
    items: list[ShownQuestion]


class KeptRoom(BaseModel):
    """The room as it is kept with its recording: every question shown, every poll released."""

    version: int
    questions: list[ShownQuestion]
    polls: list[ShownPoll]

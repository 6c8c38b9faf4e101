"""What the API takes and gives, as pydantic models; the description is generated from them."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from catalog.enums import Audience, LivestreamState, ReplayPolicy, Visibility
from core.words import LANGUAGES
from core.work.enums import WorkState
from media.enums import UploadState

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200
IN_ANY_LANGUAGE: Final = ""
"""Under this tag stands a plain text whose language is that of the livestream."""

_WORDS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {tag: {"type": "string"} for tag in LANGUAGES},
    "additionalProperties": False,
}


def _storable(text: str) -> str:
    problem = "has characters that cannot be stored"
    if "\x00" in text:
        raise ValueError(problem)
    return text


def _as_words(value: object) -> object:
    return {IN_ANY_LANGUAGE: value} if isinstance(value, str) else value


def _written(value: object) -> object:
    problem = "write the time as in 2026-11-22T20:00:00Z"
    if not isinstance(value, str | datetime):
        raise ValueError(problem)  # noqa: TRY004 -- pydantic reports no other error
    return value


def _in_our_time(moment: datetime) -> datetime:
    problem = "this time is too far away"
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(problem)
    return moment


Text = Annotated[str, AfterValidator(_storable)]
Words = Annotated[
    dict[Text, Text],
    BeforeValidator(_as_words),
    WithJsonSchema({"anyOf": [_WORDS_SCHEMA, {"type": "string"}]}),
]
ShownWords = Annotated[dict[str, str], WithJsonSchema(_WORDS_SCHEMA)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_our_time)]
ShownMoment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Slugs = Annotated[list[Text], Field(max_length=20)]


class Strict(BaseModel):
    """Input: a field that is not known is refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")


class LivestreamWrite(Strict):
    """A livestream as it is created; ``host`` defaults to the asker."""

    title: Words
    description: Words = Field(default_factory=dict)
    topics: Slugs
    language: Text = "en"
    host: Text | None = None
    starts_at: Moment
    ends_at: Moment
    timezone: Text = "UTC"
    visibility: Visibility = Visibility.PUBLIC
    organisation: Text | None = None
    replay_policy: ReplayPolicy = ReplayPolicy.AFTER_RELEASE
    auto_start: bool = False


class LivestreamPatch(Strict):
    """Fields to change; a field that is left out stays as it is."""

    title: Words | None = None
    description: Words | None = None
    topics: Slugs | None = None
    language: Text | None = None
    host: Text | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    timezone: Text | None = None
    visibility: Visibility | None = None
    organisation: Text | None = None
    replay_policy: ReplayPolicy | None = None
    auto_start: bool | None = None


class ListQuery(BaseModel):
    """Which page of a list."""

    cursor: Text | None = None
    limit: int = Field(24, ge=1, le=100)


class LivestreamQuery(ListQuery):
    """Filters of the list of livestreams; ``state`` takes several, parted by commas."""

    state: Text = ""
    topic: Text = ""
    language: Text = ""
    audience: Text = ""
    series: Text = ""
    starts_from: Moment | None = Field(None, alias="from")
    starts_to: Moment | None = Field(None, alias="to")
    q: Text = Field("", max_length=200)


class HostName(BaseModel):
    """The host of a livestream; the name is in the language asked for."""

    id: str
    name: str


class IngestView(BaseModel):
    """Where the host's encoder or browser sends the livestream."""

    url: str
    stream_key: str
    upload_url: str


class LivestreamView(BaseModel):
    """A livestream; ``ingest`` is there for its host and the staff only.

    ``captions`` are the languages in which there are some, ``series`` the id of the one it is in.
    """

    id: str
    title: ShownWords
    description: ShownWords
    topics: list[str]
    language: str
    host: HostName
    starts_at: ShownMoment
    ends_at: ShownMoment
    timezone: str
    state: LivestreamState
    interrupted: bool
    visibility: Visibility
    organisation: str | None
    replay_policy: ReplayPolicy
    auto_start: bool
    audiences: list[Audience]
    captions: list[str]
    series: str | None
    started_at: ShownMoment | None
    ended_at: ShownMoment | None
    published_at: ShownMoment | None
    page_url: str
    playback_url: str | None
    ingest: IngestView | None


class LivestreamList(BaseModel):
    """A page of livestreams."""

    items: list[LivestreamView]
    next_cursor: str | None


class TopicItem(BaseModel):
    """A topic."""

    slug: str
    name: ShownWords
    description: ShownWords
    risk: str
    page_url: str


class TopicList(BaseModel):
    """All topics."""

    items: list[TopicItem]
    next_cursor: str | None


class HostItem(BaseModel):
    """A host; texts are in the language asked for."""

    id: str
    name: str
    title: str
    institution: str
    department: str
    biography: str
    verified: bool
    page_url: str


class HostList(BaseModel):
    """A page of hosts."""

    items: list[HostItem]
    next_cursor: str | None


class OrganisationItem(BaseModel):
    """An organisation that the asker belongs to or manages."""

    id: str
    slug: str
    name: ShownWords
    kind: str


class OrganisationList(BaseModel):
    """A page of organisations."""

    items: list[OrganisationItem]
    next_cursor: str | None


class AudienceState(BaseModel):
    """What a page asks for every two seconds while it is open."""

    version: int
    state: LivestreamState
    interrupted: bool
    viewers: int | None
    questions: list[dict[str, Any]]
    poll: dict[str, Any] | None
    sample: int
    playback_url: str | None
    starts_at: ShownMoment
    ends_at: ShownMoment
    started_at: ShownMoment | None
    ended_at: ShownMoment | None


class WorkItem(BaseModel):
    """A background step; ``progress`` is 0 to 1, ``reason`` says why the last try failed."""

    id: str
    kind: str
    state: WorkState
    progress: float
    attempts: int
    reason: str
    due_at: ShownMoment
    finished_at: ShownMoment | None


class BoardItem(WorkItem):
    """A background step as the staff see it; ``log`` is the end of what its program said."""

    title: str
    livestream: str | None
    max_attempts: int
    created_at: ShownMoment
    started_at: ShownMoment | None
    log: str


class BoardList(BaseModel):
    """A page of the board of background work."""

    items: list[BoardItem]
    next_cursor: str | None


class BoardQuery(BaseModel):
    """Which work is listed; ``cursor`` is that of the page before."""

    state: WorkState | None = None
    kind: Text = ""
    cursor: int = Field(1, ge=1, le=10_000)


class WorkList(BaseModel):
    """All background steps of a livestream."""

    items: list[WorkItem]
    next_cursor: str | None


class UploadWrite(Strict):
    """A file that somebody is about to send; ``size`` is in bytes."""

    name: Text = Field(max_length=1000)
    size: int = Field(ge=0)


class UploadItem(BaseModel):
    """A file on its way in; parts go to ``upload_url/parts/<number>``, numbered from 0."""

    id: str
    name: str
    size: int
    part_size: int
    parts_held: list[int]
    state: UploadState
    progress: float
    reason: str
    upload_url: str
    created_at: ShownMoment
    completed_at: ShownMoment | None


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)

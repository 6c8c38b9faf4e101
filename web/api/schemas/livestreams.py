"""A livestream as it is written, asked for and shown."""

from pydantic import (
    BaseModel,
    Field,
)

from catalog.enums import Audience, LivestreamState, ReplayPolicy, Scope, Visibility
from web.api.schemas.fields import (
    Moment,
    ShownMoment,
    ShownWords,
    Slugs,
    Strict,
    Text,
    Words,
)


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
    scope: Scope = Scope.EDUCATION
    recorded: bool = True
    premiere: bool = False


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
    scope: Scope | None = None
    recorded: bool | None = None
    premiere: bool | None = None


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

    While ``host_wanted`` is true, ``host`` cannot come and another one is being found.

    ``captions`` are the languages in which there are some, ``series`` the id of the one it is in.
    """

    id: str
    title: ShownWords
    description: ShownWords
    topics: list[str]
    language: str
    host: HostName
    host_wanted: bool
    starts_at: ShownMoment
    ends_at: ShownMoment
    timezone: str
    state: LivestreamState
    interrupted: bool
    visibility: Visibility
    organisation: str | None
    replay_policy: ReplayPolicy
    auto_start: bool
    scope: Scope
    recorded: bool
    premiere: bool
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

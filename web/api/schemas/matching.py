"""Who could host, requests to take over, and the withdrawal of a host."""

from pydantic import BaseModel, ConfigDict, Field

from catalog.enums import Scope
from scheduler.enums import OfferState, SearchState
from web.api.schemas.fields import Moment, ShownMoment, ShownWords, Strict, Text
from web.api.schemas.livestreams import HostName


class MatchingQuery(BaseModel):
    """What is to be taught and when: a start from ``from`` to ``to``; without ``to`` exactly then.

    ``topic`` takes several, parted by commas; a host teaches all of them.
    """

    model_config = ConfigDict(populate_by_name=True)

    topic: Text
    language: Text = "en"
    scope: Scope = Scope.EDUCATION
    minutes: int = Field(45, ge=5, le=480, multiple_of=5)
    starts_from: Moment = Field(alias="from")
    starts_to: Moment | None = Field(None, alias="to")


class Reasons(BaseModel):
    """Why a host was found; ``opens`` and ``closes`` are wall times in ``timezone``.

    ``sessions`` counts those of the last 90 days; ``weekday`` 0 is Monday.
    """

    topics: list[str]
    language: str
    timezone: str
    weekday: int
    opens: str
    closes: str
    sessions: int
    last_at: ShownMoment | None


class MatchItem(BaseModel):
    """A host who is verified, qualified, open and free."""

    host: HostName
    starts_at: ShownMoment
    ends_at: ShownMoment
    reasons: Reasons


class MatchList(BaseModel):
    """Hosts by fair rotation: who taught least of late comes first."""

    items: list[MatchItem]
    next_cursor: str | None


class OfferItem(BaseModel):
    """A livestream that the asker was asked to take over; without ``reasons`` by hand."""

    id: str
    livestream: str
    title: ShownWords
    starts_at: ShownMoment
    ends_at: ShownMoment
    state: OfferState
    can_be_answered: bool
    asked_at: ShownMoment
    expires_at: ShownMoment
    reasons: Reasons | None


class OfferList(BaseModel):
    """The asker's requests, what can be answered first."""

    items: list[OfferItem]
    next_cursor: str | None


class WithdrawWrite(Strict):
    """Why the host cannot come; for editors alone."""

    reason: Text = ""


class SearchItem(BaseModel):
    """A search for another host."""

    id: str
    livestream: str
    state: SearchState
    asked: int
    next_wave_at: ShownMoment | None

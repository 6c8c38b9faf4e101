"""What somebody asks to be reminded of."""

from pydantic import BaseModel, Field

from catalog.enums import LivestreamState
from web.api.schemas.fields import ShownMoment, ShownWords, Strict, Text


class RegistrationWrite(Strict):
    """A livestream by its id; without an account, the address that is asked for its consent.

    ``language`` and ``timezone`` are those of the mails to such an address.
    """

    livestream: Text
    email: Text | None = Field(None, max_length=254)
    language: Text | None = None
    timezone: Text | None = None


class RegistrationState(BaseModel):
    """``confirm``: a mail asks the owner of the address; ``registered``: they are reminded."""

    state: str = Field(examples=["confirm", "registered"])


class RegistrationItem(BaseModel):
    """A registration of the asker; ``state`` is ``confirmed`` or ``ended``."""

    id: str
    livestream: str
    title: ShownWords
    starts_at: ShownMoment
    ends_at: ShownMoment
    livestream_state: LivestreamState
    state: str = Field(examples=["confirmed", "ended"])
    asked_at: ShownMoment
    page_url: str


class RegistrationList(BaseModel):
    """A page of registrations."""

    items: list[RegistrationItem]
    next_cursor: str | None

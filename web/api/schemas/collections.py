"""Topics, hosts and organisations as they are listed."""

from datetime import date

from pydantic import (
    BaseModel,
)

from catalog.enums import CredentialKind
from web.api.schemas.fields import ShownWords


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
    """A host; texts are in the language asked for.

    ``credential`` is the profession whose licence was checked, ``verified_until`` the last day for
    which that is known; the licence's number is never told.
    """

    id: str
    name: str
    title: str
    institution: str
    department: str
    biography: str
    verified: bool
    verified_until: date | None
    credential: CredentialKind
    topics: list[str]
    languages: list[str]
    interests: ShownWords
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

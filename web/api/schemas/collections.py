"""Topics, hosts and organisations as they are listed."""

from pydantic import (
    BaseModel,
)

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

"""Background work of a livestream, and the board of all of it."""

from pydantic import (
    BaseModel,
    Field,
)

from core.work.enums import WorkState
from web.api.schemas.fields import ShownMoment, Text


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

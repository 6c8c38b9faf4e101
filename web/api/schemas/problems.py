"""What went wrong, as RFC 9457 says it."""

from pydantic import (
    BaseModel,
    Field,
)

from web.api.schemas.fields import ShownMoment


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Alternative(BaseModel):
    """Another time that is free; ``slot`` is there when it is an open one."""

    starts_at: ShownMoment
    ends_at: ShownMoment
    slot: str | None = None


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)
    alternatives: list[Alternative] = Field(default_factory=list)

"""A finished talk on its way in."""

from pydantic import (
    BaseModel,
    Field,
)

from media.enums import UploadState
from web.api.schemas.fields import ShownMoment, Strict, Text


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

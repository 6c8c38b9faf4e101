"""What the API takes and gives, as pydantic models; the description is generated from them."""

from web.api.schemas.audience import AudienceState
from web.api.schemas.collections import (
    HostItem,
    HostList,
    OrganisationItem,
    OrganisationList,
    TopicItem,
    TopicList,
)
from web.api.schemas.fields import IN_ANY_LANGUAGE
from web.api.schemas.livestreams import (
    HostName,
    IngestView,
    ListQuery,
    LivestreamList,
    LivestreamPatch,
    LivestreamQuery,
    LivestreamView,
    LivestreamWrite,
)
from web.api.schemas.problems import FieldProblem, Problem
from web.api.schemas.uploads import UploadItem, UploadWrite
from web.api.schemas.work import BoardItem, BoardList, BoardQuery, WorkItem, WorkList

__all__ = [
    "IN_ANY_LANGUAGE",
    "AudienceState",
    "BoardItem",
    "BoardList",
    "BoardQuery",
    "FieldProblem",
    "HostItem",
    "HostList",
    "HostName",
    "IngestView",
    "ListQuery",
    "LivestreamList",
    "LivestreamPatch",
    "LivestreamQuery",
    "LivestreamView",
    "LivestreamWrite",
    "OrganisationItem",
    "OrganisationList",
    "Problem",
    "TopicItem",
    "TopicList",
    "UploadItem",
    "UploadWrite",
    "WorkItem",
    "WorkList",
]

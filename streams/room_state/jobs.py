"""The background step that keeps a room with its broadcast."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.errors import _
from media.steps import Step, StepContext
from streams.room_state.services import ARCHIVE, keep_room


def keep_room_of_broadcast(context: StepContext) -> None:
    """Store what was asked in the room beside the recording; harmless when repeated."""
    keep_room(context.sessions, context.storage, broadcast_id=context.subject)


STEPS: Final[Mapping[str, Step]] = MappingProxyType({ARCHIVE: keep_room_of_broadcast})
"""What the worker runs of rooms, by the kind of work."""

TITLES: Final[Mapping[str, str]] = MappingProxyType({ARCHIVE: _("Questions and polls of the talk")})
"""What a person reads instead of the kind."""

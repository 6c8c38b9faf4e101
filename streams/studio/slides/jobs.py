"""The background step that removes slides from storage."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.errors import _
from media.paths import slides_key
from media.steps import Step, StepContext
from streams.studio.slides.queries import CLEAR, names_object


def clear_slides(context: StepContext) -> None:
    """Remove the object of slides that no livestream has any more."""
    key = slides_key(context.subject)
    with context.sessions() as session:
        if names_object(session, object_key=key):
            return
    context.storage.delete(key)


STEPS: Final[Mapping[str, Step]] = MappingProxyType({CLEAR: clear_slides})

TITLES: Final[Mapping[str, str]] = MappingProxyType({CLEAR: _("Removal of slides")})

"""The background step that removes hand-outs from storage."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.errors import _
from media.paths import handout_key
from media.steps import Step, StepContext
from streams.handouts.queries import CLEAR, names_object


def clear_handout(context: StepContext) -> None:
    """Remove the object of a hand-out that no livestream has any more."""
    key = handout_key(context.subject)
    with context.sessions() as session:
        if names_object(session, object_key=key):
            return
    context.storage.delete(key)


STEPS: Final[Mapping[str, Step]] = MappingProxyType({CLEAR: clear_handout})

TITLES: Final[Mapping[str, str]] = MappingProxyType({CLEAR: _("Removal of a hand-out")})

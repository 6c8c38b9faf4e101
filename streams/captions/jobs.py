"""The background steps of captions, and how they are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.clock import utc_now
from core.errors import _
from media.captions.recognising import SPEECH, recognise_speech
from media.steps import Step, StepContext
from streams.captions.services.live import TYPED, keep_typed


def make_typed_captions(context: StepContext) -> None:
    """Turn lines typed while live into captions of the replay; harmless when repeated."""
    with context.sessions.begin() as session:
        keep_typed(session, context.storage, broadcast_id=context.subject, now=utc_now())


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {TYPED: make_typed_captions, SPEECH: recognise_speech}
)
"""What the worker runs of captions, by the kind of work."""

LONG: Final = frozenset({SPEECH})
"""What takes minutes on every core there is."""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {TYPED: _("Captions that were typed live"), SPEECH: _("Automatic captions")}
)
"""What a person reads instead of the kind."""

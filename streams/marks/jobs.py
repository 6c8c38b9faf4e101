"""The background step of marks: they become chapters when the livestream is over."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.clock import utc_now
from core.errors import _
from media.steps import Step, StepContext
from streams.marks.services import CHAPTERS, make_chapters


def make_marks_chapters(context: StepContext) -> None:
    """Turn the marks of a livestream into chapters of its replay; harmless when repeated."""
    with context.sessions.begin() as session:
        make_chapters(session, context.storage, broadcast_id=context.subject, now=utc_now())


STEPS: Final[Mapping[str, Step]] = MappingProxyType({CHAPTERS: make_marks_chapters})
"""What the worker runs of marks, by the kind of work."""

TITLES: Final[Mapping[str, str]] = MappingProxyType({CHAPTERS: _("Chapters from marks")})
"""What a person reads instead of the kind."""

"""What a host agrees to, by version: a text that changes gets the next number. Pure."""

from collections.abc import Mapping
from typing import Final

from core.errors import _

NONE: Final = "none"
LISTED: Final = "listed"
"""The two answers to the question for conflicts of interest."""

RECORDING: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        _("My picture, my voice and what I show are recorded while I am live."),
        _("After I release it, the recording can be watched with captions and a transcript."),
        _("Viewers are never recorded."),
        _(
            "I can withdraw this at any time under My licence. "
            "My replays are then hidden within an hour and deleted within 30 days."
        ),
    ),
}
"""The sentences of each version of the consent to recording."""
RECORDING_VERSION: Final = max(RECORDING)

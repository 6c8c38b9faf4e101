"""Everything the worker runs: the steps of the rooms below, and those of the demo.

The order is that of the claims (see :data:`media.jobs.STEPS`): what somebody waits for comes before
what takes minutes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from catalog.demo.clearing import REMOVE_MEDIA
from catalog.demo.loading import TALK
from core.errors import _
from media import jobs
from media.ladder import kinds
from media.removal import remove_media
from media.steps import Step
from streams.captions import jobs as captions
from streams.handouts import jobs as handouts
from streams.marks import jobs as marks
from streams.removal import jobs as removals
from streams.room_state import jobs as rooms
from streams.studio.slides import jobs as slides
from streams.uploads import jobs as uploads
from web.demo_talks import make_demo_talk
from web.personal.erasing import ERASE, erase_person

_LAST: Final = {kinds.PART: jobs.STEPS[kinds.PART]}
_FIRST: Final = {kind: step for kind, step in jobs.STEPS.items() if kind not in _LAST}

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        **uploads.STEPS,
        **_FIRST,
        **removals.STEPS,
        **slides.STEPS,
        **handouts.STEPS,
        **marks.STEPS,
        **captions.STEPS,
        **rooms.STEPS,
        TALK: make_demo_talk,
        REMOVE_MEDIA: remove_media,
        ERASE: erase_person,
        **_LAST,
    }
)

LONG: Final = frozenset({TALK, kinds.PART, *captions.LONG})
"""What takes minutes on every core there is; no second one is begun beside it."""

SHORT_STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {kind: step for kind, step in STEPS.items() if kind not in LONG}
)

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **jobs.TITLES,
        **removals.TITLES,
        **slides.TITLES,
        **handouts.TITLES,
        **marks.TITLES,
        **captions.TITLES,
        **rooms.TITLES,
        **uploads.TITLES,
        TALK: _("Recording of an example talk"),
        REMOVE_MEDIA: _("Removal of a recording"),
        ERASE: _("Erasure of an account"),
    }
)
"""What a person reads instead of the kind."""

"""Who knows what is true of each kind of notice, and what fills the ledger: one line per room.

The ledger asks the source of a kind before each sending; an expander writes the rows of one
occasion for many people. The digest needs no source: it asks those of what it tells.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from accounts.joining import notices as joining
from accounts.notices.ports import Expand, Source
from catalog.credentials import notices as licences
from scheduler.notices import duties, livestreams, offers, proposals, staff, waiting
from scheduler.notices.expansion import expand as expand_mailings
from scheduler.registrations import notices as registrations
from streams.moderation import notices as moderation
from streams.removal import notices as removals

SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        **livestreams.SOURCES,
        **duties.SOURCES,
        **offers.SOURCES,
        **proposals.SOURCES,
        **staff.SOURCES,
        **waiting.SOURCES,
        **licences.SOURCES,
        **registrations.SOURCES,
        **joining.SOURCES,
        **removals.SOURCES,
        **moderation.SOURCES,
    }
)

EXPANDERS: Final[tuple[Expand, ...]] = (expand_mailings,)

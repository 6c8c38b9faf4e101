"""What people are told of a livestream, and whether two such things differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from catalog.enums import LivestreamState as L


class Standing(StrEnum):
    """What a livestream is to those who wait for it."""

    COMING = "coming"  # on air as well
    CANCELLED = "cancelled"
    NOT_HELD = "not_held"
    OVER = "over"


STANDINGS: Final[Mapping[str, Standing]] = {
    L.SCHEDULED: Standing.COMING,
    L.LIVE: Standing.COMING,
    L.CANCELLED: Standing.CANCELLED,
    L.MISSED: Standing.NOT_HELD,
    L.ENDED: Standing.OVER,
    L.PUBLISHED: Standing.OVER,
}
"""A draft and a proposal are nothing that anybody waits for."""
VIEWER_KINDS: Final[Mapping[Standing, str]] = {
    Standing.COMING: "changed",
    Standing.CANCELLED: "cancelled",
    Standing.NOT_HELD: "not_held",
}
"""The kind of notice that tells viewers of a standing."""


class Shown(Protocol):
    """What facts are read from: a row of the database or :class:`scheduler.notices.about.About`."""

    @property
    def starts_at(self) -> datetime: ...  # noqa: D102 -- as the column
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102 -- as above
    @property
    def timezone(self) -> str: ...  # noqa: D102 -- as above
    @property
    def state(self) -> str: ...  # noqa: D102 -- as above
    @property
    def host_id(self) -> str: ...  # noqa: D102 -- as above
    @property
    def host_wanted_at(self) -> datetime | None: ...  # noqa: D102 -- as above


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a livestream, or what people were told; times are UTC."""

    start: datetime
    end: datetime
    zone: str
    standing: Standing
    host: str
    """Whom viewers expect, by id."""
    present: str = ""
    """Who is to come, by id; empty: another host is being found, or nobody needs to come."""

    @property
    def minutes(self) -> int:
        """Return the planned length."""
        return int((self.end - self.start).total_seconds()) // 60

    def as_json(self) -> dict[str, Any]:
        """Return what a row keeps."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "zone": self.zone,
            "standing": self.standing.value,
            "host": self.host,
            "present": self.present,
        }


def facts_of(shown: Shown) -> Facts:
    """Return what is true of a livestream that was announced."""
    standing = STANDINGS.get(shown.state, Standing.OVER)
    comes = standing is Standing.COMING and shown.host_wanted_at is None
    return Facts(
        start=shown.starts_at,
        end=shown.ends_at,
        zone=shown.timezone,
        standing=standing,
        host=shown.host_id,
        present=shown.host_id if comes else "",
    )


def read_facts(kept: Mapping[str, Any]) -> Facts:
    """Return facts from what a row kept; see :meth:`Facts.as_json`."""
    return Facts(
        start=datetime.fromisoformat(kept["start"]),
        end=datetime.fromisoformat(kept["end"]),
        zone=kept["zone"],
        standing=Standing(kept["standing"]),
        host=kept["host"],
        present=kept["present"],
    )


def is_news(told: Facts, true: Facts) -> bool:
    """Tell whether viewers were told something else than what is true.

    What has taken place is told to nobody; of what does not take place its time says nothing, and
    the zone is written into calendars alone.
    """
    if true.standing is Standing.OVER:
        return False
    if true.standing is not Standing.COMING:
        return told.standing is not true.standing
    return told.standing is not true.standing or (told.start, told.end, told.host) != (
        *(true.start, true.end, true.host),
    )


def is_news_for_host(told: Facts, true: Facts) -> bool:
    """Tell whether somebody has to come who does not know it, or the other way round."""
    return true.standing is not Standing.OVER and told.present != true.present


def has_moved(told: Facts, true: Facts) -> bool:
    """Tell whether the time is another one."""
    return (told.start, told.end) != (true.start, true.end)

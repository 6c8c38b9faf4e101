"""Which part of a broadcast viewers are shown, by program time. Pure.

One line is drawn by everybody who asks what is shown: playlists, the gate of objects, retention.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut off: all that ends before ``shown_from`` or begins at ``shown_until``."""

    shown_from: datetime | None = None
    shown_until: datetime | None = None

    def as_json(self) -> list[str | None]:
        """Return both moments as text; None where nothing is cut off."""
        moments = (self.shown_from, self.shown_until)
        return [None if one is None else one.isoformat() for one in moments]

    @classmethod
    def from_json(cls, data: Sequence[str | None] | None) -> "Cut":
        """Return what :meth:`as_json` was made from; no cut at all for what knows of none."""
        if data is None:
            return UNCUT
        return cls(*(None if one is None else datetime.fromisoformat(one) for one in data))


@dataclass(frozen=True, slots=True)
class Window:
    """What is shown: all that ends after ``opens_at`` and begins before ``closes_at``."""

    opens_at: datetime
    closes_at: datetime | None = None

    def shows(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Tell whether a segment of these moments is shown, whole as it is."""
        return ends_at > self.opens_at and (self.closes_at is None or begins_at < self.closes_at)


UNCUT = Cut()


def window_of(opened_at: datetime, cut: Cut = UNCUT) -> Window:
    """Return what is shown of a broadcast that was opened at ``opened_at``."""
    opens_at = opened_at if cut.shown_from is None else max(opened_at, cut.shown_from)
    return Window(opens_at, cut.shown_until)

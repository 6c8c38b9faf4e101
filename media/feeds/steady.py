"""Putting an encoder's clock right before its media is journalled. Pure."""

from dataclasses import dataclass

JUMP_MS = 3_000  # more than this between two tags is a clock that jumped, not a pause
STEP_MS = 40  # what a jump is replaced by: one frame at 25 fps
WRAP = 2**32


@dataclass(slots=True)
class SteadyClock:
    """Moves timestamps so that they go on where they left off after a jump, in either direction."""

    _offset: int = 0
    _last: int | None = None
    jumps: int = 0

    def place(self, timestamp_ms: int) -> int:
        """Return the timestamp to journal, in milliseconds."""
        placed = timestamp_ms + self._offset
        if self._last is not None and abs(placed - self._last) > JUMP_MS:
            self._offset += self._last + STEP_MS - placed
            placed = self._last + STEP_MS
            self.jumps += 1
        placed = max(placed, 0)
        self._last = max(placed, self._last or 0)
        return placed % WRAP

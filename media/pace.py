"""Whether a packager keeps up with its feed. Pure."""

BEHIND_SECONDS = 5.0  # long enough for a machine that was busy for a moment to catch up
SPEED = 1.0  # seconds of media in a second; what has waited is made up at more than this


class Pace:
    """Compares the media that came out with the time it took, while media waits to go in."""

    def __init__(self) -> None:
        self._until_us = 0
        self._since: tuple[float, int] | None = None

    def reached(self, until_us: int) -> None:
        """Learn up to where the source has been packaged, in microseconds of the run."""
        self._until_us = until_us

    def is_behind(self, now: float, *, waits: bool) -> bool:
        """Tell whether less than a second was made in a second, for some seconds.

        Args:
            now: Monotonic seconds.
            waits: Whether there is media that was not taken yet; without it nothing is late.
        """
        if not waits:
            self._since = None
            return False
        began, from_us = self._since = self._since or (now, self._until_us)
        if now - began < BEHIND_SECONDS:
            return False
        self._since = (now, self._until_us)
        return (self._until_us - from_us) / 1_000_000 < SPEED * (now - began)

"""When a child that ended is started again: at once, then more slowly, and never given up."""

QUICK = 10.0  # seconds; a child that lived shorter was ended by its own start
FIRST_DELAYS = (0.1, 0.3, 0.6, 1.2, 2.4)
LAST_DELAY = 10.0


def count_crashes(earlier: int, lived: float) -> int:
    """Return how many quick crashes stand in a row, after a life of ``lived`` seconds."""
    return earlier + 1 if lived < QUICK else 1


def delay_before_restart(crashes: int) -> float:
    """Return the seconds to wait after ``crashes`` in a row (1 or more)."""
    return FIRST_DELAYS[crashes - 1] if crashes <= len(FIRST_DELAYS) else LAST_DELAY


def is_worth_saying(crashes: int) -> bool:
    """Whether a person should hear of it: once, when the quick attempts are used up."""
    return crashes == len(FIRST_DELAYS)

"""When somebody may be told, and when a sending is tried again. Pure."""

from datetime import time
from typing import Final

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)
MOST_A_DAY: Final = 3
WAITS: Final = (30, 120, 600, 1800, 3600)
"""Seconds before the second, third, ... attempt; the last one for all that follow."""
MOST_ATTEMPTS: Final = 8

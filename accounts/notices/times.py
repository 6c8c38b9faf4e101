"""Moments as notices write them: in the recipient's zone and language, the zone named. Pure."""

from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.places import locale_of, offset, place_of
from core.words import CHINESE, ENGLISH

PATTERNS: Final = {ENGLISH: "EEEE d MMMM, HH:mm", CHINESE: "M月d日 EEEE HH:mm"}
FRAMES: Final = {ENGLISH: ("{} ({})", ", "), CHINESE: ("{}\uff08{}\uff09", "\uff0c")}
"""How a moment and its zone stand together: full-width signs in Chinese."""


@lru_cache(maxsize=4096)
def written(moment: datetime, timezone: str, language: str) -> str:
    """Return a moment, ``Tuesday 24 November, 20:00 (Shanghai, UTC+8)``."""
    local = moment.astimezone(ZoneInfo(timezone))
    text = format_datetime(local, PATTERNS[language], locale=locale_of(language))
    frame, comma = FRAMES[language]
    names = dict.fromkeys((place_of(timezone, language), offset(local)))  # UTC is said once
    return frame.format(text, comma.join(names))

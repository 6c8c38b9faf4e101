"""Moments as notices write them: in the recipient's zone and language, the zone named. Pure."""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_datetime, get_timezone_location

from core.words import CHINESE, ENGLISH

PATTERNS: Final = {ENGLISH: "EEEE d MMMM, HH:mm", CHINESE: "M月d日 EEEE HH:mm"}
FRAMES: Final = {ENGLISH: ("{} ({})", ", "), CHINESE: ("{}\uff08{}\uff09", "\uff0c")}
"""How a moment and its zone stand together: full-width signs in Chinese."""


@lru_cache(maxsize=4096)
def written(moment: datetime, timezone: str, language: str) -> str:
    """Return a moment, ``Tuesday 24 November, 20:00 (Shanghai, UTC+8)``."""
    local = moment.astimezone(ZoneInfo(timezone))
    text = format_datetime(local, PATTERNS[language], locale=_locale(language))
    frame, comma = FRAMES[language]
    names = dict.fromkeys((_place(timezone, language), _offset(local)))  # UTC is said once
    return frame.format(text, comma.join(names))


@lru_cache(maxsize=1024)
def _place(timezone: str, language: str) -> str:
    if "/" not in timezone:
        return timezone
    return get_timezone_location(timezone, locale=_locale(language), return_city=True)


def _offset(local: datetime) -> str:
    seconds = int((local.utcoffset() or timedelta(0)).total_seconds())
    if seconds == 0:
        return "UTC"
    hours, rest = divmod(abs(seconds) // 60, 60)
    return f"UTC{'+' if seconds > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("zh_Hans" if language == CHINESE else "en")

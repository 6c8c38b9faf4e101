"""Captions as files for others: SubRip and plain text; WebVTT is in :mod:`media.webvtt`. Pure."""

from collections.abc import Iterable


def subrip(cues: Iterable[tuple[int, int, str]]) -> str:
    """Return a SubRip file of (start, end, text) with times in milliseconds."""
    blocks = (
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, start=1)
    )
    return "\n".join(blocks)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{rest:03}"

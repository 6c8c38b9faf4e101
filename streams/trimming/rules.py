"""What may be cut off, and how positions are typed. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from core.errors import FieldError, InvalidInput, _
from media.cuts.rules import Choice, choose_cut
from media.hls import SegmentRow
from media.window import Cut

SECOND_US: Final = 1_000_000
LEAST_US: Final = 10 * SECOND_US
"""Less than this is not a talk: whoever wants nothing to be left keeps the replay private."""
START, END = "start_seconds", "end_seconds"
TYPED: Final = re.compile(
    r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d))?|(\d{1,6})(?:[.,](\d))?"
)
NOT_A_TIME: Final = _("Write minutes and seconds, like 1:12.")
NEGATIVE: Final = _("This lies before the beginning.")
TOO_LATE: Final = _("This lies after the end.")
BACKWARDS: Final = _("The end lies before the start.")
TOO_SHORT: Final = _("At least ten seconds have to remain.")


def seconds_of(typed: str) -> float | None:
    """Return what was typed as ``1:12``, ``1:02:05`` or ``72`` in seconds; None for nothing.

    Raises:
        ValueError: It is no time.
    """
    text = typed.strip().replace("\N{FULLWIDTH COLON}", ":")
    if not text:
        return None
    found = TYPED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds, tenths, alone, alone_tenths = (int(one or 0) for one in found.groups())
    return hours * 3600 + minutes * 60 + seconds + alone + (tenths + alone_tenths) / 10


def wanted_cut(
    rows: Sequence[SegmentRow], *, start: float | None, end: float | None, cut: Cut
) -> Choice:
    """Return the cut that keeps ``start`` to ``end``, in seconds of what is shown in ``rows``.

    None leaves an end as it is.

    Raises:
        InvalidInput: The wish makes no sense, or leaves too little.
    """
    length_us = sum(row.duration_us for row in rows)
    start_us = 0 if start is None else round(start * SECOND_US)
    end_us = length_us if end is None else round(end * SECOND_US)
    faults = _faults(start_us, end_us, length_us)
    if faults:
        raise InvalidInput(*faults)
    choice = choose_cut(rows, start_us=start_us, end_us=min(end_us, length_us), cut=cut)
    if choice.left_us < LEAST_US and not choice.is_empty:
        raise InvalidInput(FieldError(END, TOO_SHORT))
    return choice


def _faults(start_us: int, end_us: int, length_us: int) -> list[FieldError]:
    if start_us < 0:
        return [FieldError(START, NEGATIVE)]
    if start_us > length_us:
        return [FieldError(START, TOO_LATE)]
    if end_us > length_us + SECOND_US:
        return [FieldError(END, TOO_LATE)]
    return [FieldError(END, BACKWARDS)] if end_us <= start_us else []

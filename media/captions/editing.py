"""Replacing lines of captions: one act for words, times, splits, joins, removals and additions.

Pure. A line is known by what it says and when: whoever replaces it names it as it was seen, so an
editor that has another one before them spoils nothing, and two people correct one text side by
side. The same act with both sides exchanged undoes it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from core.errors import FieldError, InvalidInput, _
from core.words import without_controls
from media.captions.errors import LineChanged
from media.captions.reading import LONGEST, MOST_CUES
from media.webvtt import Cue

MOST_AT_ONCE: Final = 200
SHORTEST_MS: Final = 100
NO_TEXT: Final = _("Write some words, or remove the line.")
TOO_LONG: Final = _("Use at most 500 characters in one line.")
TOO_SHORT: Final = _("A line is shown for a tenth of a second at least.")
OUTSIDE: Final = _("This lies outside of the recording.")
TOO_MANY: Final = _("There are already as many lines as captions may have.")


def replaced(
    cues: Sequence[Cue], *, was: Sequence[Cue], by: Sequence[Cue], length_ms: int
) -> list[Cue]:
    """Return ``cues`` with ``by`` in the place of ``was``, in order of time.

    What is there already, because the answer to the same request was lost, is left as it is.

    Args:
        cues: All lines.
        was: Lines as they were seen; none to add some.
        by: Lines to have instead; none to remove some.
        length_ms: How long the recording is.

    Raises:
        LineChanged: A line of ``was`` is not there, and ``by`` is not either.
        InvalidInput: A line of ``by`` makes no sense.
    """
    wanted = [_checked(cue, length_ms) for cue in by]
    known, left = list(cues), list(cues)
    missing = [cue for cue in was if not _take(left, cue)]
    if len(missing) == len(was) and wanted and _has(known, wanted):
        return known
    if missing:
        raise LineChanged
    if len(left) + len(wanted) > MOST_CUES:
        raise InvalidInput(FieldError("now", TOO_MANY))
    return sorted([*left, *wanted], key=lambda cue: cue.start_ms)


def near(cues: Iterable[Cue], was: Sequence[Cue]) -> list[Cue]:
    """Return the lines that are shown when those of ``was`` were: what somebody else made there."""
    if not was:
        return []
    first, last = min(cue.start_ms for cue in was), max(cue.end_ms for cue in was)
    return [cue for cue in cues if cue.start_ms < last and cue.end_ms > first]


def plain(text: str) -> str:
    """Return typed words as they are kept: without controls and without empty lines."""
    lines = (" ".join(without_controls(line).split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _checked(cue: Cue, length_ms: int) -> Cue:
    text = plain(cue.text)
    if not text:
        raise InvalidInput(FieldError("text", NO_TEXT))
    if len(text) > LONGEST:
        raise InvalidInput(FieldError("text", TOO_LONG))
    if cue.start_ms < 0 or cue.start_ms >= length_ms:
        raise InvalidInput(FieldError("start_ms", OUTSIDE))
    if cue.end_ms - cue.start_ms < SHORTEST_MS:
        raise InvalidInput(FieldError("end_ms", TOO_SHORT))
    return Cue(cue.start_ms, min(cue.end_ms, length_ms), text)


def _has(cues: Sequence[Cue], wanted: Sequence[Cue]) -> bool:
    left = list(cues)
    return all(_take(left, cue) for cue in wanted)


def _take(cues: list[Cue], cue: Cue) -> bool:
    if cue not in cues:
        return False
    cues.remove(cue)
    return True

"""WebVTT, the text format of captions and chapters (W3C WebVTT, section 4). Pure.

Only what Mindcast writes is read back: cues in order of time, without identifiers, settings,
styles or markup.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from media.errors import MediaError

HEADER: Final = "WEBVTT"
_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))  # in this order when writing
_TIME: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
NO_HEADER: Final = f"does not begin with the line {HEADER}"
NO_TIMES: Final = "is no pair of times"
MARKUP: Final = "has markup"
DISORDER: Final = "ends before it begins, or begins before the one before it"
NO_TEXT: Final = "has no text, or an empty line in it"
_TIMING: Final = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}[ \t]*")


class Cue(NamedTuple):
    """A text and when it is shown: milliseconds from the beginning, the end not included."""

    start_ms: int
    end_ms: int
    text: str


class WebvttInvalidError(MediaError, ValueError):
    """A text is not WebVTT as it is written here, or cues make no sense."""

    def __init__(self, what: object, why: str) -> None:
        super().__init__(f"{what!r} {why}")


def webvtt(cues: Iterable[tuple[int, int, str]]) -> str:
    """Return a WebVTT file of (start, end, text) with times in milliseconds.

    Raises:
        WebvttInvalidError: A cue is empty, ends before it begins, or begins before the last one.
    """
    checked = _checked([Cue(*cue) for cue in cues])
    blocks = [f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{_safe(cue)}" for cue in checked]
    return "\n\n".join([HEADER, *blocks]) + "\n"


def parse_webvtt(text: str) -> list[Cue]:
    """Return the cues of a WebVTT file.

    Raises:
        WebvttInvalidError: It is not what :func:`webvtt` writes.
    """
    plain = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n")
    first, *blocks = re.split(r"\n{2,}", plain.strip("\n"))
    if first != HEADER:
        raise WebvttInvalidError(first, NO_HEADER)
    return _checked([_read_cue(block) for block in blocks])


def _read_cue(block: str) -> Cue:
    timing, _, text = block.partition("\n")
    found = _TIMING.fullmatch(timing)
    if found is None:
        raise WebvttInvalidError(timing, NO_TIMES)
    groups = found.groups()
    for character, written in reversed(_ESCAPES):
        if character != "&" and character in text:
            raise WebvttInvalidError(text, MARKUP)
        text = text.replace(written, character)
    return Cue(_milliseconds(groups[:4]), _milliseconds(groups[4:]), text)


def _checked(cues: list[Cue]) -> list[Cue]:
    last = 0
    for cue in cues:
        if cue.start_ms < last or cue.end_ms <= cue.start_ms:
            raise WebvttInvalidError(cue, DISORDER)
        if not cue.text.strip() or "\n\n" in cue.text:
            raise WebvttInvalidError(cue, NO_TEXT)
        last = cue.start_ms
    return cues


def _safe(cue: Cue) -> str:
    text = cue.text
    for character, written in _ESCAPES:
        text = text.replace(character, written)
    return text


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def _milliseconds(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest

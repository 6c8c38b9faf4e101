"""Caption files that others wrote: WebVTT and SubRip, read with patience. Pure.

Cue settings, styles, notes, positions and markup are left out; the names of speakers stay. What
cannot be understood is named by its line, and then nothing of the file is taken; what can be put
right is, and that is named too.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from core.errors import FieldError, _
from core.words import without_controls
from media.captions.decoding import FILE
from media.captions.errors import CaptionsInvalid, Remark
from media.webvtt import HEADER, Cue

MOST_CUES: Final = 20_000
LONGEST: Final = 500
"""Characters of one line: more than anybody reads while it is shown."""
ARROW: Final = "-->"
NEITHER: Final = _("This is neither a WebVTT nor a SubRip file: no times were found in it.")
FAULTY: Final = _("Some lines cannot be understood. Nothing was taken; the lines are named below.")
TOO_MANY: Final = _("There are more than 20,000 lines in it.")
NO_TIMES: Final = _("Write two times with an arrow, like 00:01:02.500 --> 00:01:05.000.")
BACKWARDS: Final = _("It ends before it begins. Exchange the two times.")
TEXT_ALONE: Final = _("This text has no times above it. Add them, or remove it.")
TOO_LONG: Final = _("This text is longer than 500 characters. Split it into several lines.")
EMPTY: Final = _("There is no text below these times. It was left out.")
OUT_OF_ORDER: Final = _("It begins before the one above it. It was put in its place.")
OVERLAP: Final = _("It begins while the one above it is still shown. Both are shown together.")
_CLOCK: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES: Final = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?=\s|$).*")
_SPEAKER: Final = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG: Final = re.compile(
    r"</?(?:i|b|u|s|c|v|lang|ruby|rt|font|span|em|strong|br)(?:[.\s/][^>]*)?>|<[\d:.]+>"
    r"|\{\\[^}]*\}",
    re.IGNORECASE,
)
_SETTINGS: Final = ("NOTE", "STYLE", "REGION", HEADER)
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """What was read: cues in order of time, and what was put right."""

    cues: tuple[Cue, ...]
    remarks: tuple[Remark, ...] = ()
    places: tuple[int, ...] = ()
    """In which line of the file each of the cues has its times."""


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    cue: Cue


def read_captions(text: str) -> CaptionFile:
    """Return the cues of a WebVTT or SubRip file.

    Raises:
        CaptionsInvalid: It is neither, or lines of it cannot be understood, which it names.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(ARROW in line for line in lines):
        raise CaptionsInvalid(FieldError(FILE, NEITHER))
    is_webvtt = text.startswith(HEADER)
    faults: list[Remark] = []
    remarks: list[Remark] = []
    found: list[_Found] = []
    for block in _blocks(lines):
        found += _read_block(block, found, faults, remarks, is_webvtt=is_webvtt)
    if faults:
        raise CaptionsInvalid(FieldError(FILE, FAULTY), remarks=tuple(faults))
    if len(found) > MOST_CUES:
        raise CaptionsInvalid(FieldError(FILE, TOO_MANY))
    remarks += _order(found)
    found.sort(key=lambda one: one.cue.start_ms)
    return CaptionFile(
        tuple(one.cue for one in found),
        tuple(sorted(remarks, key=lambda one: one.line)),
        tuple(one.line for one in found),
    )


def _blocks(lines: list[str]) -> Iterator[list[tuple[int, str]]]:
    """Yield what stands between empty lines and before each pair of times, with line numbers."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            if block:
                yield block
            block = []
            continue
        if ARROW in line and any(ARROW in known for _n, known in block):
            last = block.pop() if block[-1][1].strip().isdecimal() else None  # its number
            yield block
            block = [last] if last else []
        block.append((number, line))
    if block:
        yield block


def _read_block(
    block: list[tuple[int, str]],
    before: list[_Found],
    faults: list[Remark],
    remarks: list[Remark],
    *,
    is_webvtt: bool,
) -> list[_Found]:
    """Return the cue of a block, or none; what stands alone in SubRip belongs to the one above."""
    place = next((n for n, (_line, text) in enumerate(block) if ARROW in text), None)
    number, first = block[0]
    if place is None:
        if is_webvtt and first.startswith(_SETTINGS):
            return []
        if is_webvtt or not before:
            faults.append(Remark(number, TEXT_ALONE))
            return []
        last = before.pop()
        words = "\n".join([last.cue.text, *_words([line for _n, line in block], is_webvtt)])
        return [_Found(last.line, last.cue._replace(text=words))]
    at, times = block[place]
    cue = _cue(times, _words([line for _n, line in block[place + 1 :]], is_webvtt))
    if isinstance(cue, str):
        (remarks if cue is EMPTY else faults).append(Remark(at, cue))
        return []
    return [_Found(at, cue)]


def _cue(times: str, words: list[str]) -> Cue | str:
    """Return a cue, or what is the matter with it."""
    matched = _TIMES.fullmatch(times)
    if matched is None:
        return NO_TIMES
    start, end = _milliseconds(matched.groups()[:4]), _milliseconds(matched.groups()[4:])
    if start is None or end is None:
        return NO_TIMES
    if end <= start:
        return BACKWARDS
    text = "\n".join(words)
    if len(text) > LONGEST:
        return TOO_LONG
    return Cue(start, end, text) if text else EMPTY


def _words(lines: list[str], is_webvtt: bool) -> list[str]:  # noqa: FBT001 -- private
    plain = (_TAG.sub("", _SPEAKER.sub(r"\1: ", line)) for line in lines)
    read = (html.unescape(line) if is_webvtt else line for line in plain)
    kept = (" ".join(without_controls(line).split()) for line in read)
    return [line for line in kept if line]


def _milliseconds(groups: tuple[str | None, ...]) -> int | None:
    hours, minutes, seconds = (int(group or 0) for group in groups[:3])
    if minutes >= _MINUTE or seconds >= _MINUTE:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((groups[3] or "0").ljust(3, "0"))


def _order(found: list[_Found]) -> Iterator[Remark]:
    for above, below in pairwise(found):
        if below.cue.start_ms < above.cue.start_ms:
            yield Remark(below.line, OUT_OF_ORDER)
        elif below.cue.start_ms < above.cue.end_ms:
            yield Remark(below.line, OVERLAP)

"""Words with their times to lines of captions. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from media.captions.ports import Word
from media.talks.sentences import MOST_LINES, lines_of, width_of_line
from media.webvtt import Cue

PAUSE_MS: Final = 700
"""A silence of this length ends a line: what comes after it is another thought."""
LONGEST_MS: Final = 7_000
LEAST_MS: Final = 1_000
"""A line is shown for so long if there is room: nobody reads faster."""
_ENDS: Final = (".", "?", "!", "。", "？", "！", "…")  # noqa: RUF001 -- Chinese punctuation
_CLAUSES: Final = (",", ";", ":", "，", "；", "：", "、")  # noqa: RUF001 -- as above


def captions_of(words: Iterable[Word], *, language: str) -> list[Cue]:
    """Return lines that fit on two rows, and end where a sentence, a clause or a breath does."""
    groups = list(_groups(words, language))
    starts = [group[0].start_ms for group in groups[1:]]
    cues = []
    for number, group in enumerate(groups):
        text = "".join(word.text for word in group).strip()
        if not text:
            continue
        limit = starts[number] if number < len(starts) else group[-1].end_ms + LEAST_MS
        end = max(group[-1].end_ms, min(group[0].start_ms + LEAST_MS, limit))
        end = max(end, group[0].start_ms + 1)
        cues.append(Cue(group[0].start_ms, end, "\n".join(lines_of(text, language))))
    return sorted(cues, key=lambda cue: cue.start_ms)


def _groups(words: Iterable[Word], language: str) -> Iterator[Sequence[Word]]:
    room = width_of_line(language) * MOST_LINES
    fair = room * 2 // 3
    group: list[Word] = []
    for word in words:
        if group and _is_full(group, word, language):
            yield group
            group = []
        group.append(word)
        length = sum(len(one.text) for one in group)
        said = word.text.rstrip()
        if said.endswith(_ENDS) or (said.endswith(_CLAUSES) and length >= fair):
            yield group
            group = []
    if group:
        yield group


def _is_full(group: Sequence[Word], word: Word, language: str) -> bool:
    is_breath = word.start_ms - group[-1].end_ms >= PAUSE_MS
    if is_breath or word.end_ms - group[0].start_ms > LONGEST_MS:
        return True
    text = "".join(one.text for one in (*group, word)).strip()
    return len(text) > width_of_line(language) and len(lines_of(text, language)) > MOST_LINES

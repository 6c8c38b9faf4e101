"""What an answer must say, where it lies on a replay, and which answers fit a question. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, chain
from math import log
from typing import Final
from unicodedata import normalize

from core.errors import FieldError, _
from core.words import LANGUAGES, without_controls
from media.hls import SegmentRow

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 5_000
LONGEST: Final = timedelta(minutes=30)
SHORTEST_MS: Final = 1_000
MOST_SUGGESTED: Final = 3
ENOUGH: Final = 0.25
"""The part of a question's weight that an answer must share to be shown for it."""

_WORD: Final = re.compile(r"[a-z]{2,}")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_ENDING: Final = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$")
_SAYS_LITTLE: Final = frozenset(
    (
        *("an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for", "from"),
        *("has", "have", "how", "if", "in", "is", "it", "me", "my", "not", "of", "on", "or", "so"),
        *("than", "that", "the", "then", "there", "this", "to", "was", "we", "what", "when"),
        *("who", "why", "will", "with", "would", "you", "your"),
    )
)

NO_TITLE: Final = _("Write the question in a sentence.")
TOO_LONG: Final = _("Use at most %(most)d characters.")
NO_END: Final = _("Choose an end behind the start, at most half an hour later.")


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of a replay, in milliseconds on its clock."""

    start_ms: int
    end_ms: int

    @property
    def second(self) -> int:
        """Where a link into the replay begins."""
        return self.start_ms // 1000

    @property
    def last_second(self) -> int:
        """Where it ends, not before the last word."""
        return -(-self.end_ms // 1000)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote about an answer."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    start_ms: int
    end_ms: int


def faults_of(written: Written) -> Iterator[FieldError]:
    """Yield what is wrong with an answer."""
    if not written.titles:
        yield FieldError("title", NO_TITLE)
    for name, words, most in (
        ("title", written.titles, LONGEST_TITLE),
        ("text", written.texts, LONGEST_TEXT),
    ):
        if any(len(text) > most for text in words.values()):
            yield FieldError(name, TOO_LONG, {"most": most})
    lasts = written.end_ms - written.start_ms
    if not SHORTEST_MS <= lasts <= LONGEST // timedelta(milliseconds=1):
        yield FieldError("end", NO_END)


def plain_words(words: Mapping[str, str]) -> dict[str, str]:
    """Return a text per language without empty ones and without what no page shows."""
    plain = {tag: without_controls(words.get(tag, "")).strip() for tag in LANGUAGES}
    return {tag: text for tag, text in plain.items() if text}


def program_time(rows: Sequence[SegmentRow], position_ms: int) -> datetime:
    """Return the program time at a position on the clock of a replay.

    The twin of :func:`streams.marks.rules.replay_ms`; before the first segment is its start, after
    the last its end.
    """
    ends = list(accumulate((row.duration_us for row in rows), initial=0))
    wanted = min(max(0, position_ms * 1000), ends[-1])
    number = max(i for i, begins in enumerate(ends[:-1]) if begins <= wanted)
    return rows[number].program_at + timedelta(microseconds=wanted - ends[number])


def fitting(
    question: str,
    answers: Iterable[tuple[str, str]],
    *,
    most: int = MOST_SUGGESTED,
) -> list[str]:
    """Return the ids of up to ``most`` answers that share enough with a question, the best first.

    Words that many answers have say little (inverse document frequency); of the weight of the
    question's known words an answer must share :data:`ENOUGH`.

    Args:
        question: What somebody is about to ask.
        answers: (id, text) of every answer that may be shown.
        most: How many are wanted.
    """
    known = {key: pieces_of(text) for key, text in answers}
    weights = {piece: _weight(piece, known.values()) for piece in pieces_of(question)}
    total = sum(weights.values())
    if not total:
        return []
    shared = {
        key: sum(weight for word, weight in weights.items() if word in words) / total
        for key, words in known.items()
    }
    best = sorted((-share, key) for key, share in shared.items() if share >= ENOUGH)
    return [key for _share, key in best[:most]]


def pieces_of(text: str) -> frozenset[str]:
    """Return what texts are compared by: English words without endings, Chinese pairs of signs.

    Pairs need no list of words, and a question that is worded a little differently still shares
    most of them.
    """
    plain = normalize("NFKC", text).casefold()
    words = (_ENDING.sub("", word) for word in _WORD.findall(plain))
    runs = _HAN.findall(plain)
    pairs = (run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1)))
    return frozenset(chain((word for word in words if word not in _SAYS_LITTLE), pairs))


def _weight(word: str, texts: Iterable[frozenset[str]]) -> float:
    """Return how much a word tells the texts apart; one that none has still counts a little."""
    every = list(texts)
    having = sum(word in one for one in every)
    return log(1 + (len(every) + 1) / (having + 0.5))

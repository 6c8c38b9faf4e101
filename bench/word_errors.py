"""Counting what was misheard. Pure."""

import re
from collections.abc import Sequence

from core.words import CHINESE

NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 90: "ninety"}
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def tokens_of(text: str, language: str) -> list[str]:
    """Return what is compared: words in small letters, or Chinese characters one by one."""
    if language == CHINESE:
        return re.findall(r"[0-9a-z]+|[\u4e00-\u9fff]", text.lower())
    words = _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return [_as_word(word) for word in words]


def errors_of(expected: Sequence[str], got: Sequence[str]) -> int:
    """Return how many insertions, omissions and substitutions turn one into the other."""
    row = list(range(len(got) + 1))
    for number, wanted in enumerate(expected, start=1):
        above, row = row, [number]
        for place, found in enumerate(got, start=1):
            exchanged = above[place - 1] + (wanted != found)
            row.append(min(exchanged, above[place] + 1, row[-1] + 1))
    return row[-1]


def _as_word(word: str) -> str:
    if not word.isdecimal():
        return word
    number = int(word)
    return NUMBERS[number] if number < len(NUMBERS) else TENS.get(number, word)

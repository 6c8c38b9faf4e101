"""What speaks: a port, how text is prepared for it, and what it gives back. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Protocol

from core.words import CHINESE

_LONG_NUMBER: Final = re.compile(r"[0-9]{3,}")  # a telephone number: it is read digit by digit
_APOSTROPHE: Final = "\N{RIGHT SINGLE QUOTATION MARK}"  # synthesisers know the plain one better
_DIGITS: Final = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))


@dataclass(frozen=True, slots=True)
class Speech:
    """Speech as 16-bit mono PCM; ``words`` are (index in the text, first sample) in order."""

    pcm: bytes
    rate: int
    words: tuple[tuple[int, int], ...]

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.pcm) // 2

    def sample_of(self, index: int) -> int:
        """Return the sample at which the text from ``index`` on begins."""
        later = (sample for at, sample in self.words if at >= index)
        return next(later, self.samples)


class Voice(Protocol):
    """A synthesiser with one voice."""

    def speak(self, text: str) -> Speech:
        """Return ``text`` spoken.

        Raises:
            SpeechFailed: It could not be spoken.
        """
        ...


def spoken_form(text: str, language: str) -> tuple[str, list[int]]:
    """Return what is read aloud for ``text``, and the index in ``text`` of each of its characters.

    Captions show the text; ears hear telephone numbers digit by digit.
    """
    text = text.replace(_APOSTROPHE, "'")
    spoken, origins, start = "", [], 0
    for number in _LONG_NUMBER.finditer(text):
        said = _digits(number.group(), language)
        spoken += text[start : number.start()] + said
        origins += [*range(start, number.start()), *[number.start()] * len(said)]
        start = number.end()
    return spoken + text[start:], [*origins, *range(start, len(text))]


def _digits(number: str, language: str) -> str:
    if language == CHINESE:
        return "".join(_DIGITS[digit] for digit in number)
    return " ".join(number)

"""What captions need from outside: an engine that hears words.

It has one real and one shared fake implementation. The fake is held to the contract by the tests,
the real one, an optional extra, by ``make bench ARGS=speech``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol


class Word(NamedTuple):
    """A word, or a character or two of Chinese, with the punctuation after it.

    Times are milliseconds from the beginning of the sound. ``text`` begins with a space where one
    stands before the word.
    """

    start_ms: int
    end_ms: int
    text: str


class SpeechEngine(Protocol):
    """Hears what is said in a sound file."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages it understands: ``en``, ``zh-Hans``."""
        ...

    def recognise(
        self, sound: Path, *, language: str, progress: Callable[[float], None]
    ) -> Iterator[Word]:
        """Yield the words of a WAV file (16 kHz, one channel) in order; silence has none.

        ``progress`` is told a fraction from 0 to 1 now and then, and may raise to end it.

        Raises:
            ValueError: It does not understand the language.
        """
        ...

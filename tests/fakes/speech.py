"""A speech engine that hears what it is told, held to the contract in tests/media/captions."""

import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from media.captions.ports import Word


class ScriptedEngine:
    """Hears the words of ``script`` one after another, every ``every_ms`` of sound.

    It goes on with its script from file to file, so windows of a recording share one.
    """

    def __init__(self, script: Sequence[str], *, every_ms: int = 500) -> None:
        self.script = list(script)
        self.every_ms = every_ms
        self.heard: list[tuple[int, str]] = []
        """Milliseconds of each sound it was given, and its language."""

    @property
    def languages(self) -> frozenset[str]:
        return frozenset({"en", "zh-Hans"})

    def recognise(
        self, sound: Path, *, language: str, progress: Callable[[float], None]
    ) -> Iterator[Word]:
        if language not in self.languages:
            raise ValueError(language)
        with wave.open(str(sound), "rb") as file:
            assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
            length = file.getnframes() * 1000 // file.getframerate()
        self.heard.append((length, language))
        for number in range(length // self.every_ms):
            progress(number * self.every_ms / length)
            start = number * self.every_ms
            yield Word(start, start + self.every_ms, self.script[number % len(self.script)])

"""The script of a talk: what is said and what the slides show, read from JSON. Pure.

::

    {"key", "language": "en" or "zh-Hans", "topics": [slug], "title": {"en", "zh-Hans"},
     "summary": {"en", "zh-Hans"}, "host": key, "audiences": [..], "voice": "low" or "high",
     "chapters": [{"title": {"en", "zh-Hans"},
                   "slides": [{"heading", "lines": [up to four], "drawing": slug or absent,
                               "say": two to six sentences}]}]}
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from core.words import LANGUAGES, Words
from media.talks.errors import ScriptInvalid

MOST_LINES: Final = 4
VOICES: Final = ("low", "high")
NO_OBJECT: Final = "this is no object"
NO_TEXT: Final = "a text is missing"
NO_WORDS: Final = "a text in each language is missing"
NO_LIST: Final = "a list is missing"
TOO_MANY: Final = "there are too many"
UNKNOWN: Final = "this is not known"
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture and what is said while it is shown; ``drawing`` is the slug of a topic."""

    heading: str
    lines: tuple[str, ...]
    drawing: str
    say: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a talk."""

    title: Words
    slides: tuple[Slide, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole talk in one language; its title, summary and chapters are named in both."""

    key: str
    language: str
    topics: tuple[str, ...]
    title: Words
    summary: Words
    host: str
    audiences: tuple[str, ...]
    voice: str
    chapters: tuple[Chapter, ...]

    def slides(self) -> Iterator[Slide]:
        """Yield the slides of all chapters in order."""
        for chapter in self.chapters:
            yield from chapter.slides


def read_script(path: Path) -> Script:
    """Read a script from a file.

    Raises:
        ScriptInvalid: It does not have the form above.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ScriptInvalid(path.name, str(error)) from error
    return script_from(data, path.name)


def script_from(data: Any, where: str) -> Script:  # noqa: ANN401 -- anything that JSON can say
    """Return the script that ``data`` says; ``where`` is named in errors.

    Raises:
        ScriptInvalid: It does not have the form above.
    """
    read = _Reader(where, data)
    topics = read.texts("topics")
    script = Script(
        key=read.text("key"),
        language=read.one_of("language", LANGUAGES),
        topics=topics,
        title=read.words("title"),
        summary=read.words("summary"),
        host=read.text("host"),
        audiences=read.texts("audiences"),
        voice=read.one_of("voice", VOICES),
        chapters=read.each("chapters", lambda chapter: _chapter(chapter, topics[0])),
    )
    read.finish()
    return script


def _chapter(read: "_Reader", topic: str) -> Chapter:
    return Chapter(read.words("title"), read.each("slides", lambda slide: _slide(slide, topic)))


def _slide(read: "_Reader", topic: str) -> Slide:
    lines = read.texts("lines", most=MOST_LINES)
    drawing = read.text("drawing") if read.has("drawing") else topic
    return Slide(read.text("heading"), lines, drawing, read.text("say"))


class _Reader:
    """Takes fields out of a JSON object and says where one is wrong."""

    def __init__(self, where: str, data: Any) -> None:  # noqa: ANN401
        if not isinstance(data, dict):
            raise ScriptInvalid(where, NO_OBJECT)
        self._where = where
        self._left: dict[str, Any] = dict(data)

    def has(self, name: str) -> bool:
        return name in self._left

    def text(self, name: str) -> str:
        value = self._left.pop(name, None)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(name, NO_TEXT)
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in choices:
            raise self._fault(name, UNKNOWN)
        return value

    def texts(self, name: str, *, most: int | None = None) -> tuple[str, ...]:
        values = self._list(name)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self._fault(name, NO_TEXT)
        if most is not None and len(values) > most:
            raise self._fault(name, TOO_MANY)
        return tuple(values)

    def words(self, name: str) -> Mapping[str, str]:
        value = self._left.pop(name, None)
        if not isinstance(value, dict) or set(value) != set(LANGUAGES) or not all(value.values()):
            raise self._fault(name, NO_WORDS)
        return value

    def each(self, name: str, make: Callable[["_Reader"], Part]) -> tuple[Part, ...]:
        parts = []
        for number, value in enumerate(self._list(name), start=1):
            reader = _Reader(f"{self._where}.{name}[{number}]", value)
            parts.append(make(reader))
            reader.finish()
        return tuple(parts)

    def finish(self) -> None:
        if self._left:
            raise self._fault(min(self._left), UNKNOWN)

    def _fault(self, name: str, why: str) -> ScriptInvalid:
        return ScriptInvalid(self._where + "." + name, why)

    def _list(self, name: str) -> list[Any]:
        value = self._left.pop(name, None)
        if not isinstance(value, list) or not value:
            raise self._fault(name, NO_LIST)
        return value

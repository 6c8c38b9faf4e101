"""Every message of pages, refusals and scripts has its Chinese."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "catalog", "core", "media", "scheduler", "streams", "web")
METHODS = [("**/frontend/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def _written() -> Iterator[str]:
    for room in ROOMS:
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, METHODS, keywords=KEYWORDS
        ):
            yield message if isinstance(message, str) else message[0]


def _chinese() -> Catalog:
    with (ROOT / "web/translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_every_message_is_translated_and_no_other() -> None:
    catalog = _chinese()
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and message.string
    }
    written = set(_written())
    assert (written - translated, translated - written) == (set(), set())


def test_a_translation_has_the_places_of_its_message() -> None:
    faulty = [message.id for message, _errors in _chinese().check()]
    assert faulty == []

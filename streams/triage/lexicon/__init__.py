"""The reviewed data: phrases, what is around them, and how they are spelled. Read once."""

from functools import cache
from pathlib import Path
from typing import Final

from core.phrases import Phrasebook, read_contexts, read_entries, read_lists, read_spelling

FOLDER: Final = Path(__file__).parent


@cache
def risk_book() -> Phrasebook:
    """Return the phrases that sound like risk, in both languages."""
    return book_of("en", "zh")


@cache
def redirect_book() -> Phrasebook:
    """Return the phrases that ask for a diagnosis or a dose; an entry's tier names which."""
    return book_of("redirects")


def book_of(*names: str) -> Phrasebook:
    """Return the phrases of some files of this folder, under the shared spelling and lists."""
    files = [FOLDER / f"{name}.toml" for name in names if (FOLDER / f"{name}.toml").exists()]
    return Phrasebook(
        spelling=read_spelling(FOLDER / "spelling.toml"),
        entries=[entry for file in files for entry in read_entries(file)],
        contexts=[context for file in files for context in read_contexts(file)],
        lists={
            "en": read_lists(FOLDER / "en.toml"),
            "zh-Hans": read_lists(FOLDER / "zh.toml"),
        },
    )

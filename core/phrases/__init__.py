"""Phrases people write, found in spite of how they write them: a small language of patterns. Pure.

``folding`` makes a text comparable, ``spelling`` undoes evasions, ``grammar`` reads a pattern that
an editor can write, ``book`` finds the patterns of a file in a text. docs/risk-lexicon.md has the
language for the people who keep such files.
"""

from core.phrases.book import Found, Phrasebook
from core.phrases.entries import Context, Entry, Lists, read_contexts, read_entries, read_lists
from core.phrases.spelling import Spelling, read_spelling

__all__ = [
    "Context",
    "Entry",
    "Found",
    "Lists",
    "Phrasebook",
    "Spelling",
    "read_contexts",
    "read_entries",
    "read_lists",
    "read_spelling",
]

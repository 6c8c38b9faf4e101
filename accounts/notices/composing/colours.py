"""Colours of mails: those of the site (``web/frontend/styles/tokens.css``), in both themes.

Mail programs know no custom properties, and a mail is no page of the site; a test compares them.
"""

from typing import Final, NamedTuple


class Colours(NamedTuple):
    """One theme; each is named as its token, ``--c-ink-2`` as ``ink_2``."""

    paper: str
    surface: str
    sunk: str
    ink: str
    ink_2: str
    line: str
    pine: str
    on_pine: str


LIGHT: Final = Colours(
    paper="#f5f4ef",
    surface="#fdfdfb",
    sunk="#ecebe4",
    ink="#0f2523",
    ink_2="#3b4d4b",
    line="#d9dad1",
    pine="#0f554a",
    on_pine="#fafbf5",
)
DARK: Final = Colours(
    paper="#0c1716",
    surface="#152221",
    sunk="#071010",
    ink="#efede4",
    ink_2="#bfc5b9",
    line="#2b3a38",
    pine="#93dac3",
    on_pine="#031c1a",
)
PAIRS: Final = (
    ("ink", "surface"),
    ("ink_2", "surface"),
    ("ink", "sunk"),
    ("ink_2", "sunk"),
    ("ink_2", "paper"),
    ("pine", "surface"),
    ("pine", "sunk"),
    ("pine", "paper"),
    ("on_pine", "pine"),
)
"""Every text colour of the mail with what it stands on."""

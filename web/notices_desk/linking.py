"""Links in the text of a mail: those to this site can be followed, others stay words. Pure."""

import re
from typing import Final, NamedTuple

LINK: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]。，；：！？）】]")  # noqa: RUF001 -- Chinese stops end a link too


class Piece(NamedTuple):
    """Some words; ``link`` is where they lead, or empty."""

    text: str
    link: str


def pieces(text: str, site: str) -> list[Piece]:
    """Return a text in pieces, in order; ``site`` is its address without a slash at the end."""
    found: list[Piece] = []
    at = 0
    for match in LINK.finditer(text):
        if match[0] == site or match[0].startswith(f"{site}/"):
            found += [Piece(text[at : match.start()], ""), Piece(match[0], match[0])]
            at = match.end()
    return [one for one in (*found, Piece(text[at:], "")) if one.text]

"""The plain text of a mail. Pure.

English is wrapped at 72 columns as ``format=flowed`` (RFC 3676): a line that ends in a space goes
on in the next one, so that narrow windows join and break it anew. Chinese has no spaces to
break at; each of its paragraphs is one line, which every reader wraps.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from accounts.notices.composing.footers import Footer
from accounts.notices.composing.paragraphs import Form, Paragraph
from core.words import CHINESE

WIDTH: Final = 72
RULE: Final = "--------"


def plain_text(
    heading: str,
    content: Sequence[Paragraph],
    button: tuple[str, str],
    footer: Footer,
    language: str,
) -> str:
    """Return the plain text of a mail; its lines end in a line feed."""
    lines = [*_main(heading, content, button, language), "", RULE, *_below(footer, language)]
    wraps = language != CHINESE
    return "\n".join(part for line in lines for part in flowed(line, wraps=wraps)) + "\n"


def _main(
    heading: str, content: Sequence[Paragraph], button: tuple[str, str], language: str
) -> Iterator[str]:
    yield heading
    for form, lines in content:
        yield ""
        yield from (f"- {line}" for line in lines) if form is Form.LIST else lines
    if button[1]:
        colon = _colon(language)
        yield from ("", f"{button[0]}{colon}", button[1])


def _below(footer: Footer, language: str) -> Iterator[str]:
    gap, colon = "" if language == CHINESE else " ", _colon(language)
    if footer.calendar:
        yield from (footer.calendar, "")
    if footer.help_before:
        yield from (footer.help_before, footer.help_link.address, "")
    yield f"{footer.why}{gap}{footer.must}".strip()
    for text, address in footer.links:
        yield from ("", f"{text}{colon}", address)
    yield from ("", footer.education)


def _colon(language: str) -> str:
    return "\uff1a" if language == CHINESE else ":"


def flowed(line: str, *, wraps: bool) -> Iterator[str]:
    """Yield a line in pieces that end in a space where the next one continues it."""
    pieces = _wrapped(line) if wraps and len(line) > WIDTH else (line,)
    return map(_stuffed, pieces)


def _wrapped(line: str) -> Iterator[str]:
    piece = ""
    for word in line.split():
        if piece and len(piece) + len(word) >= WIDTH:
            yield piece
            piece = ""
        piece += f"{word} "
    yield piece.rstrip()


def _stuffed(piece: str) -> str:
    """Return a piece with a space before it that readers take off again, where one is needed."""
    return f" {piece}" if piece.startswith((" ", ">", "From ")) else piece

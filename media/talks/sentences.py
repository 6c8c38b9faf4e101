"""Taking spoken text apart: sentences, pieces that fit on a caption, lines of a caption. Pure."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

import re
from typing import Final

from core.words import CHINESE

MOST_LINES: Final = 2
LATIN_WIDTH, CJK_WIDTH = 42, 18
"""Characters of one line of a caption, the usual measure of subtitles."""
_ENDS: Final = re.compile(r"(?:[.!?]+[”’\")]*(?=\s|$)|[。！？]+[”’」）]*)\s*")
_CLAUSE_ENDS: Final = re.compile(r"[,;:—–](?=\s|$)|[，；：、]|—+")
_WORD: Final = re.compile(r"[^\s]+\s*")
_NO_LINE_BEGINS_WITH: Final = "，。；：、！？”’」）》…,.;:!?)"
_ENDS_A_PHRASE: Final = "的了着过"
_BEGINS_A_PHRASE: Final = "和或也都就在会不要有把被让"
_NO_LINE_ENDS_WITH: Final = "“‘「（《("


def sentences_of(text: str) -> list[str]:
    """Return the sentences of ``text``, without the space between them."""
    found, start = [], 0
    for end in _ENDS.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
    return [sentence for sentence in [*found, text[start:].strip()] if sentence]


def width_of_line(language: str) -> int:
    """Return how many characters a line of a caption has."""
    return CJK_WIDTH if language == CHINESE else LATIN_WIDTH


def pieces_of(sentence: str, language: str) -> list[tuple[int, str]]:
    """Cut a sentence into captions: (index in the sentence, text), each with room on two lines.

    Cut between clauses if possible, into as few and as even pieces as there can be.
    """
    start = 0
    pieces: list[tuple[int, str]] = []
    while True:
        rest = sentence[start:]
        parts = _parts_needed(rest, language)
        if parts == 1:
            return [*pieces, (start, rest.strip())]
        end = start + _best_cut(rest, language, len(rest) // parts)
        pieces.append((start, sentence[start:end].strip()))
        start = end


def lines_of(text: str, language: str, width: int | None = None) -> list[str]:
    """Break a text into lines of at most ``width`` characters, a caption's when ``None``.

    Two lines are broken where a reader would pause, and are about as long as each other.
    """
    width = width or width_of_line(language)
    atoms = atoms_of(text, language)
    lines = _filled(atoms, width)
    if len(lines) != MOST_LINES:
        return lines
    pairs = [("".join(atoms[:cut]).strip(), "".join(atoms[cut:])) for cut in range(1, len(atoms))]
    fitting = [pair for pair in pairs if max(map(len, pair)) <= width]
    return list(min(fitting, key=_awkwardness, default=lines))


def _awkwardness(pair: tuple[str, str]) -> float:
    """Return how badly a text is broken: unevenness, less what a good place is worth."""
    first, second = pair
    uneven = abs(len(first) - len(second)) / (len(first) + len(second))
    if first[-1] in _NO_LINE_BEGINS_WITH:
        return uneven - 0.5
    joins = first[-1] in _ENDS_A_PHRASE or second[0] in _BEGINS_A_PHRASE
    return uneven - (0.15 if joins else 0)


def _filled(atoms: list[str], width: int) -> list[str]:
    lines = [""]
    for atom in atoms:
        if lines[-1] and len((lines[-1] + atom).rstrip()) > width:
            lines.append("")
        lines[-1] += atom
    return [line.strip() for line in lines]


def atoms_of(text: str, language: str) -> list[str]:
    """Return what a line may be broken between: words with the space after them, or characters."""
    if language != CHINESE:
        return _WORD.findall(text)
    atoms: list[str] = []
    for run in re.findall(r"[0-9A-Za-z]+\s*|.\s*", text):
        joins = atoms and (run[0] in _NO_LINE_BEGINS_WITH or atoms[-1][-1] in _NO_LINE_ENDS_WITH)
        if joins:
            atoms[-1] += run
        else:
            atoms.append(run)
    return atoms


def _parts_needed(text: str, language: str) -> int:
    lines = len(lines_of(text, language))
    return -(-lines // MOST_LINES)


def _best_cut(text: str, language: str, wanted: int) -> int:
    """Return where to cut ``text``: near ``wanted``, after a clause rather than anywhere."""
    fits = [
        place
        for place in _places(text, language)
        if 0 < place < len(text) and len(lines_of(text[:place], language)) <= MOST_LINES
    ]
    clauses = {end.end() for end in _CLAUSE_ENDS.finditer(text)}
    clauses |= {end + 1 for end in clauses if text[end : end + 1] == " "}
    reward = width_of_line(language) // 2  # a clause is worth this many characters of evenness
    return min(fits, key=lambda place: abs(place - wanted) - (reward if place in clauses else 0))


def _places(text: str, language: str) -> list[int]:
    places, place = [], 0
    for atom in atoms_of(text, language):
        place += len(atom)
        places.append(place)
    return places

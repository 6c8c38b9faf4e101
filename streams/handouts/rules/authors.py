"""Who wrote a PDF and with what, taken out where it stands openly. Pure.

Every byte keeps its place, so that the table of objects stays right: names become spaces. What is
packed into compressed objects stays (ISO 32000-2, 14.3.2 and 14.3.3).
"""

import re
from collections.abc import Iterator
from typing import Final

_INFO: Final = re.compile(rb"/Info\s+(\d{1,10}\s+\d{1,5})\s+R\b")
_ENTRY: Final = re.compile(rb"/(?:Author|Creator|Producer|Company|Manager)\s*(?=\(|<(?!<))")
_PACKET: Final = re.compile(rb"<\?xpacket begin=[^>]*\?>(.*?)<\?xpacket end=", re.DOTALL)
_SPACE: Final = b" "
_HEX_SPACE: Final = b"20"


def without_author(data: bytes) -> bytes:
    """Return a PDF that is not encrypted without the names of its author and their programs."""
    kept = bytearray(data)
    for start, end in _values(data):
        filler = _HEX_SPACE if data[start - 1 : start] == b"<" else _SPACE
        kept[start:end] = (filler * (end - start))[: end - start]
    for found in _PACKET.finditer(data):
        start, end = found.span(1)
        kept[start:end] = _SPACE * (end - start)
    return bytes(kept)


def _values(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the values lie, in every version of the dictionary that tells of the document."""
    names = {b" ".join(found[1].split()) for found in _INFO.finditer(data)}
    for name in sorted(names):
        number, generation = name.split()
        begins = re.compile(rb"(?<!\d)" + number + rb"\s+" + generation + rb"\s+obj\b")
        for found in begins.finditer(data):
            end = data.find(b"endobj", found.end())
            for entry in _ENTRY.finditer(data, found.end(), end if end > 0 else len(data)):
                yield entry.end() + 1, _end_of_text(data, entry.end())


def _end_of_text(data: bytes, start: int) -> int:
    """Return where the string that opens at ``start`` closes (7.3.4)."""
    if data[start : start + 1] == b"<":
        end = data.find(b">", start)
        return end if end > 0 else len(data)
    depth, at = 0, start
    while at < len(data):
        sign = data[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        if depth == 0:
            return at
        at += 2 if sign == b"\\" else 1
    return len(data)

"""Reading EBML (RFC 8794): the elements that Matroska and WebM files are made of. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_ID = 4
LONGEST_SIZE = 8
LONGEST_HEADER = LONGEST_ID + LONGEST_SIZE

NO_ELEMENT = "there is no element"
NO_SIZE = "an element does not say its size"
NO_END = "an element or number is longer than what holds it"


class EbmlError(ValueError):
    """The bytes are no EBML, or an element is larger than any honest one."""


@dataclass(frozen=True, slots=True)
class Element:
    """The header of an element; ``size`` is that of its body in bytes, None when it is not said."""

    id: int
    header_size: int
    size: int | None

    @property
    def total(self) -> int:
        """Header and body in bytes; an element of unknown size has none."""
        if self.size is None:
            raise EbmlError(NO_SIZE)
        return self.header_size + self.size


def read_element(data: bytes | bytearray, at: int = 0) -> Element | None:
    """Read the element header at ``at``; None when more bytes are needed.

    Raises:
        EbmlError: There is no element.
    """
    id_length = _length(data, at, LONGEST_ID)
    if id_length is None or at + id_length >= len(data):
        return None
    size_length = _length(data, at + id_length, LONGEST_SIZE)
    header_size = id_length + (size_length or 0)
    if size_length is None or at + header_size > len(data):
        return None
    size = int.from_bytes(data[at + id_length : at + header_size])
    most = (1 << (7 * size_length)) - 1  # every bit set: the writer did not know
    size &= most
    element_id = int.from_bytes(data[at : at + id_length])
    return Element(element_id, header_size, None if size == most else size)


def read_number(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """Return a variable-length number without its marker and the place after it (RFC 8794, 4)."""
    length = _length(data, at, LONGEST_SIZE)
    if length is None or at + length > len(data):
        raise EbmlError(NO_END)
    value = int.from_bytes(data[at : at + length])
    return value & ((1 << (7 * length)) - 1), at + length


def children(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (id, body) of the elements in a whole body.

    Raises:
        EbmlError: One of them is longer than its parent or does not say its size.
    """
    at = 0
    while at < len(body):
        element = read_element(body, at)
        if element is None or at + element.total > len(body):
            raise EbmlError(NO_END)
        yield element.id, body[at + element.header_size : at + element.total]
        at += element.total


def _length(data: bytes | bytearray, at: int, most: int) -> int | None:
    """Return the length of a number from its leading zeros; None when it is not there yet."""
    if at >= len(data):
        return None
    length = 9 - data[at].bit_length()
    if length > most:
        raise EbmlError(NO_ELEMENT)
    return length

"""AMF0, the notation of RTMP commands (Adobe, Action Message Format AMF 0, 2007)."""

import struct
from collections.abc import Mapping
from typing import Final, TypeAlias

from streams.doors.rtmp.errors import ProtocolError

Value: TypeAlias = "float | bool | str | list[Value] | dict[str, Value] | None"

NUMBER: Final = 0x00
BOOLEAN: Final = 0x01
STRING: Final = 0x02
OBJECT: Final = 0x03
NULL: Final = 0x05
UNDEFINED: Final = 0x06
ECMA_ARRAY: Final = 0x08
OBJECT_END: Final = 0x09
STRICT_ARRAY: Final = 0x0A
DATE: Final = 0x0B
LONG_STRING: Final = 0x0C
XML: Final = 0x0F
TYPED_OBJECT: Final = 0x10

DEEPEST = 8
MOST_VALUES = 4096
LONGEST_SHORT_STRING = 0xFFFF


def decode(data: bytes) -> list[Value]:
    """Return the values that stand one after the other in ``data``.

    Dates become numbers (milliseconds since 1970), XML becomes text, undefined becomes None.

    Raises:
        ProtocolError: the data is malformed, more than 8 deep or more than 4096 values long.
    """
    reader = _Reader(data)
    values: list[Value] = []
    while reader.position < len(data):
        values.append(reader.value(0))
    return values


def encode(*values: object) -> bytes:
    """Return ``values`` (None, booleans, numbers, text, mappings, lists) one by one."""
    return b"".join(_encode(value) for value in values)


class _Reader:
    """A position in the data, and a budget of values."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_VALUES
        self.position = 0

    def value(self, depth: int) -> Value:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            message = "a command is nested too deeply or holds too many values"
            raise ProtocolError(message)
        return self._of_kind(self._take(1)[0], depth)

    def _of_kind(self, kind: int, depth: int) -> Value:
        match kind:
            case 0x00:
                return self._number()
            case 0x01:
                return self._take(1) != b"\x00"
            case 0x02:
                return self._text(2)
            case 0x0C | 0x0F:
                return self._text(4)
            case 0x05 | 0x06:
                return None
            case _:
                return self._composite(kind, depth)

    def _composite(self, kind: int, depth: int) -> Value:
        match kind:
            case 0x03:
                return self._object(depth)
            case 0x08:
                self._take(4)  # a count that nobody needs: an end marker follows
                return self._object(depth)
            case 0x10:
                self._text(2)  # the name of its class
                return self._object(depth)
            case 0x0A:
                return [self.value(depth + 1) for _ in range(self._length(4))]
            case 0x0B:
                date = self._number()
                self._take(2)  # the zone, reserved
                return date
            case _:
                message = "a command holds a value of an unknown kind"
                raise ProtocolError(message)

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while True:
            name = self._text(2)
            if not name and self._peek() == OBJECT_END:
                self._take(1)
                return found
            found[name] = self.value(depth + 1)

    def _peek(self) -> int:
        return self._data[self.position] if self.position < len(self._data) else -1

    def _number(self) -> float:
        number: float = struct.unpack(">d", self._take(8))[0]
        return number

    def _length(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _text(self, length_size: int) -> str:
        return self._take(self._length(length_size)).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        taken = self._data[self.position : self.position + count]
        if len(taken) < count:
            message = "a command is cut off"
            raise ProtocolError(message)
        self.position += count
        return taken


def _encode(value: object) -> bytes:
    if value is None:
        return bytes([NULL])
    if isinstance(value, bool):
        return bytes([BOOLEAN, value])
    if isinstance(value, (int, float)):
        return bytes([NUMBER]) + struct.pack(">d", value)
    if isinstance(value, str):
        return _encode_text(value)
    if isinstance(value, Mapping):
        return bytes([OBJECT]) + _encode_pairs(value)
    if isinstance(value, (list, tuple)):
        return bytes([STRICT_ARRAY]) + len(value).to_bytes(4, "big") + encode(*value)
    raise TypeError(type(value))


def _encode_text(value: str) -> bytes:
    text = value.encode()
    if len(text) > LONGEST_SHORT_STRING:
        return bytes([LONG_STRING]) + len(text).to_bytes(4, "big") + text
    return bytes([STRING]) + len(text).to_bytes(2, "big") + text


def _encode_pairs(pairs: Mapping[str, object]) -> bytes:
    named = (_encode_text(name)[1:] + _encode(value) for name, value in pairs.items())
    return b"".join(named) + b"\x00\x00" + bytes([OBJECT_END])

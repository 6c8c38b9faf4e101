"""The plain handshake (RTMP 1.0, 5.2): three messages each way, whose contents prove nothing."""

import os

from streams.doors.rtmp.errors import ProtocolError

VERSION = 3
SIZE = 1536
RANDOM_SIZE = SIZE - 8


class Handshake:
    """Takes C0, C1 and C2 in any pieces."""

    def __init__(self) -> None:
        self._data = b""
        self._answered = False
        self.done = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what to send now, and the bytes that follow the handshake once it is done.

        Raises:
            ProtocolError: the first byte asks for another version.
        """
        if self.done:
            return b"", data
        self._data += data
        if self._data and self._data[0] != VERSION:
            message = "the peer does not speak plain RTMP"
            raise ProtocolError(message)
        reply = self._answer()
        if not self._answered or len(self._data) < 1 + 2 * SIZE:
            return reply, b""
        self.done = True
        rest, self._data = self._data[1 + 2 * SIZE :], b""
        return reply, rest

    def _answer(self) -> bytes:
        """Return S0, S1 and S2 when C1 has just become complete."""
        if self._answered or len(self._data) < 1 + SIZE:
            return b""
        self._answered = True
        return bytes([VERSION]) + bytes(8) + os.urandom(RANDOM_SIZE) + self._data[1 : 1 + SIZE]

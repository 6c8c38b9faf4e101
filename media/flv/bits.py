"""Reading numbers of a few bits, as codec headers hold them."""

from media.flv.errors import FlvError


class BitReader:
    """Reads ``data`` from its first bit on; raises FlvError past the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def bits(self, count: int) -> int:
        """Return the next ``count`` bits as an unsigned number."""
        if count > self._left:
            message = "a codec header is cut off"
            raise FlvError(message)
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """Return the next bit."""
        return bool(self.bits(1))

    def ue(self) -> int:
        """Return an unsigned Exp-Golomb number (ITU-T H.264, 9.1)."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > 32:  # noqa: PLR2004 -- no field of a header is wider
                message = "a codec header holds a number that is too large"
                raise FlvError(message)
        return (1 << zeros) - 1 + self.bits(zeros)

    def se(self) -> int:
        """Return a signed Exp-Golomb number (ITU-T H.264, 9.1.1)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)

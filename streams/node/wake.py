"""A descriptor that becomes readable: how the doors tell a packager that the journal has grown."""

import os
from contextlib import suppress


class Wake:
    """One pipe; ringing it twice before it is heard is the same as once."""

    def __init__(self) -> None:
        self.fd, self._bell = os.pipe()
        for fd in (self.fd, self._bell):
            os.set_blocking(fd, False)

    def ring(self) -> None:
        """Make ``fd`` readable."""
        with suppress(BlockingIOError, OSError):  # full: it is readable; closed: nobody listens
            os.write(self._bell, b"\0")

    def close(self) -> None:
        """Give the descriptors back."""
        os.close(self.fd)
        os.close(self._bell)

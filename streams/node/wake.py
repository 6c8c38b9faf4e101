"""A descriptor that becomes readable: how the doors tell a packager that the journal has grown."""

import os
import threading
from contextlib import suppress


class Wake:
    """One pipe; ringing it twice before it is heard is the same as once."""

    def __init__(self) -> None:
        self.fd, self._bell = os.pipe()
        for fd in (self.fd, self._bell):
            os.set_blocking(fd, False)
        self._open = True
        self._lock = threading.Lock()  # a number that was given back may be another file by now

    def ring(self) -> None:
        """Make ``fd`` readable."""
        with self._lock, suppress(BlockingIOError):  # full: it is readable
            if self._open:
                os.write(self._bell, b"\0")

    def close(self) -> None:
        """Give the descriptors back; nobody listens any more."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self.fd)
                os.close(self._bell)

"""A browser that sends a recording in real time, as far as the chunk door can tell."""

import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

SLICE = 0.25  # seconds
TIMEOUT = 30.0


class Sender:
    """Puts a chunk every quarter of a second, over one connection; ``late`` is in seconds.

    Args:
        upload_url: The address of the chunks, without a number.
        chunks: What is sent.
    """

    def __init__(self, upload_url: str, chunks: list[bytes]) -> None:
        self.late = 0.0
        self.refused: list[tuple[int, int, bytes]] = []
        self._url = urlsplit(upload_url)
        self._chunks = chunks
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin with the first chunk."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        self._thread.join(TIMEOUT)

    @property
    def is_sending(self) -> bool:
        """Whether there is something left to send."""
        return self._thread.is_alive()

    def _run(self) -> None:
        connection = HTTPConnection(self._url.hostname or "", self._url.port, timeout=TIMEOUT)
        began = time.monotonic()
        for number, chunk in enumerate(self._chunks):
            if self._stopping.wait(max(0.0, began + number * SLICE - time.monotonic())):
                break
            connection.request("PUT", f"{self._url.path}/{number}", body=chunk)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status >= 300:  # noqa: PLR2004 -- HTTP's refusals begin there
                self.refused.append((number, answer.status, said))
                break
            self.late = max(self.late, time.monotonic() - began - number * SLICE)
        connection.close()

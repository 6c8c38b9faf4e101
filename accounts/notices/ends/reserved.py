"""Mails to addresses that nobody has: they are kept as files, whatever server is set.

The people of the demo have such addresses. A mail server would refuse each, and count that against
the site that tried.
"""

from dataclasses import dataclass
from typing import Final

from accounts.notices.ports import End, Outgoing

TOP: Final = frozenset({"example", "invalid", "localhost", "test"})
SECOND: Final = frozenset({"example.com", "example.net", "example.org"})
"""Domains in which nobody has a mailbox (RFC 2606, sections 2 and 3)."""


def is_reserved(address: str) -> bool:
    """Tell whether no mail server ever answers for an address."""
    parts = address.rpartition("@")[2].lower().split(".")
    return parts[-1] in TOP or ".".join(parts[-2:]) in SECOND


@dataclass(frozen=True, slots=True)
class ReservedToFiles:
    """Sends by ``server``, but to ``files`` what no server takes."""

    server: End
    files: End

    def send(self, message: Outgoing) -> None:
        """Hand one over; raises what the end that takes it raises."""
        (self.files if is_reserved(message.to) else self.server).send(message)

    def close(self) -> None:
        """Let go of the connections of both."""
        self.server.close()
        self.files.close()

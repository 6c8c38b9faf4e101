"""``mindcast worker``: claims background steps that are due and runs them, one at a time.

Killing it at any moment repeats at most the step it was on: the row is claimed again when its lease
has run out. Told to end (SIGTERM) it gives the row back at once and no attempt is counted.
Beside the steps it sends what the ledger of notices has due, see :mod:`web.worker.notices`.
"""

from web.worker.main import run

__all__ = ["run"]

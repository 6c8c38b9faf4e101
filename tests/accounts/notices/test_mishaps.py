"""Reasons that the ledger keeps: what went wrong, and nobody's address."""

import pytest

from accounts.notices.delivery.mishaps import reason_of
from accounts.notices.errors import AddressRefusedError, SendingFailedError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SendingFailedError("550 <ann.lee@example.org>: mailbox busy"), "550 <…>: mailbox busy"),
        (SendingFailedError("no line to +8613912345678"), "no line to …"),
        (AddressRefusedError("no ann@example.org here"), "refused: no … here"),
        (SendingFailedError("greylisted"), "greylisted"),
    ],
)
def test_reason_names_what_went_wrong_and_nobody(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason

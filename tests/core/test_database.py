"""What engines say of themselves."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

pytestmark = pytest.mark.integration


def test_what_went_wrong_is_told_without_the_values_of_the_statement(engine: Engine) -> None:
    """Errors are logged, and kept with the ledger: an address or a wish is no part of them."""
    with engine.connect() as connection, pytest.raises(StatementError) as refused:
        connection.execute(text("SELECT * FROM nowhere WHERE mail = :mail"), {"mail": "mei@x.org"})
    assert "mei@x.org" not in str(refused.value)
    assert "nowhere" in str(refused.value)

"""Sessions of a step that see what the test wrote."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import sessionmaker

from core.database import Sessions


@pytest.fixture
def sessions_here(connection: Connection) -> Sessions:
    """Return sessions within the test's transaction."""
    return sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import media.models  # noqa: F401 -- the tables must be known
from core.database import Sessions, make_engine, make_sessions
from core.orm import Base


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return make_sessions(engine)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

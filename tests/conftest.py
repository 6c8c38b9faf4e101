"""What every test can ask for: a database of either kind, a fixed time, the application."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts import services
from core.database import Sessions, make_engine, make_sessions
from core.orm import Base
from core.settings import Settings, read_settings
from core.shelf import Shelf
from web import tables as _tables  # noqa: F401 -- every table is known from here on
from web.app import create_app
from web.database import db
from web.site import Site

if TYPE_CHECKING:
    from _pytest.fixtures import SubRequest

POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Return the one present moment of a test; services take it as an argument."""
    return NOW


@pytest.fixture(scope="session")
def database_urls(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Collect the databases that this worker made; they are dropped at the end."""
    del request
    made: dict[str, str] = {"sqlite": f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}"}
    yield made
    if "postgresql" in made:
        _on_server(f'DROP DATABASE "{make_url(made["postgresql"]).database}" WITH (FORCE)')


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: "SubRequest", database_urls: dict[str, str]) -> Iterator[Engine]:
    """Return an engine on a database of this worker that has all tables."""
    kind: str = request.param
    if kind == "postgresql":
        database_urls[kind] = _make_postgres()
    made = make_engine(database_urls[kind])
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def _make_postgres() -> str:
    name = f"mindcast_test_{uuid4().hex[:12]}"
    try:
        _on_server(f'CREATE DATABASE "{name}"')
    except OperationalError as error:
        pytest.fail(
            "No PostgreSQL answers for the tests: start one on 127.0.0.1:5432 "
            f"or set TEST_POSTGRES_URL ({error.orig}).",
            pytrace=False,
        )
    return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(statement))
    server.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Return a connection whose one outer transaction is rolled back after the test."""
    with engine.connect() as connected:
        outer = connected.begin()
        yield connected
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """Return a session within the test's transaction; what it commits is rolled back as well."""
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as opened:
        yield opened


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """Return real sessions, each with its own connection, for races; all rows go afterwards."""
    yield make_sessions(engine)
    with engine.begin() as cleaning:
        for table in reversed(Base.metadata.sorted_tables):
            cleaning.execute(table.delete())


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    """Return the settings of an installation on the test's database."""
    return read_settings(
        {
            "MINDCAST_HOME": str(tmp_path / "home"),
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a key for tests",
            "DATA_KEY": "a data key for tests",
            "MINDCAST_DEMO": "0",
        }
    )


@pytest.fixture
def app(settings: Settings, connection: Connection) -> Site:
    """Return the application; its sessions live in the test's transaction, like ``session``."""
    made = create_app(settings)
    made.testing = True
    # The time of a test stands still, so rows that differ may say they were written at once
    made.extensions["mindcast.shelf"] = Shelf(clock=monotonic, seconds=0)
    made.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=64)
    with made.app_context():
        db.engine.dispose()
        db.engines[None] = connection  # type: ignore[index]  # a session takes either
    factory = db.session.session_factory  # type: ignore[attr-defined]  # the proxy's
    factory.configure(join_transaction_mode="create_savepoint")
    return made


@pytest.fixture
def client(app: Site) -> FlaskClient:
    """Return a browser without cookies."""
    return app.test_client()


@pytest.fixture(autouse=True, scope="session")
def _quick_hashes() -> Iterator[None]:
    """Hash passwords cheaply: the real cost, 50 ms each, is what a test must not spend."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "_hasher", PasswordHasher(time_cost=1, memory_cost=64))
        yield

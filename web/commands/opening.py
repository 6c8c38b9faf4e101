"""The database of the home, for commands that do their work in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.database import make_engine, make_sessions
from core.errors import Refusal
from web import tables as _tables  # noqa: F401 -- mappers of every room
from web.home import load_settings


class NoTables(Refusal):
    """The database is empty: the site has never been started with it."""

    code = "no_tables"
    message = "The database has no tables yet; run `mindcast db upgrade` first."


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the database of the settings; commit when the command is done."""
    settings = load_settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        if not inspect(engine).has_table("accounts_user"):
            raise NoTables
        with make_sessions(engine).begin() as session:
            yield session
    finally:
        engine.dispose()

"""The database before the site starts: its tables, and what the demo puts in."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import check_demo_listener
from catalog.demo import load_topics
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.orm import Base
from core.settings import Settings
from web import tables as _tables  # noqa: F401 -- every table is known from here on
from web.demo import load_demo

Result = TypeVar("Result")

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(settings: Settings) -> None:
    """Bring the tables of the database to this release."""
    _with_engine(settings, lambda engine: _upgrade(engine, settings.database_url))


def prepare_demo(settings: Settings) -> list[dict[str, Any]]:
    """Load the topics and what is missing of the demo; return its accounts for ``run.json``.

    Raises:
        Refusal: Accounts with known passwords exist and the site is open to other machines.
    """
    return _with_engine(settings, lambda engine: _prepare_demo(engine, settings))


def _with_engine(settings: Settings, work: Callable[[Engine], Result]) -> Result:
    engine = make_engine(settings.database_url)
    try:
        return work(engine)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, url: str) -> None:
    if not (MIGRATIONS / "env.py").exists():
        Base.metadata.create_all(engine)
        return
    from alembic import command  # noqa: PLC0415 -- half a second that only this fork spends
    from alembic.config import Config  # noqa: PLC0415 -- as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_demo(engine: Engine, settings: Settings) -> list[dict[str, Any]]:
    with make_sessions(engine).begin() as session:
        load_topics(session)  # livestreams need topics, in an empty installation too
        if not settings.demo:
            check_demo_listener(settings.bind, has_demo_accounts=_has_demo_accounts(session))
            return []
        window = settings.interruption_window
        accounts = load_demo(
            session,
            now=utc_now(),
            data_key=settings.data_key,
            window_seconds=window,
            with_talks=settings.demo_talks,
        )
    return [asdict(account) for account in accounts]


def _has_demo_accounts(session: Session) -> bool:
    return session.scalar(select(User.id).where(User.is_demo).limit(1)) is not None

"""The tables as of one moment, and what a backup relies on about them."""

import pytest
from sqlalchemy import func, select

from accounts.models import RoleRow
from core.database import Sessions
from core.orm import Base
from core.settings import Settings
from web.archive.errors import NothingThere, OldTables
from web.archive.schema import STAMP, snapshot

pytestmark = pytest.mark.integration

COUNT = select(func.count()).select_from(RoleRow)


def test_snapshot_does_not_see_what_is_written_meanwhile(
    settings: Settings, sessions: Sessions
) -> None:
    with snapshot(settings) as connection:
        before = connection.execute(COUNT).scalar_one()
        with sessions.begin() as session:
            session.add(RoleRow(name="late"))
        during = connection.execute(COUNT).scalar_one()
    with snapshot(settings) as connection:
        after = connection.execute(COUNT).scalar_one()
    assert (before, during, after) == (0, 0, 1)


def test_tables_of_another_release_are_refused(settings: Settings, sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.connection().exec_driver_sql(f"CREATE TABLE {STAMP} (version_num VARCHAR(32))")
        session.connection().exec_driver_sql("INSERT INTO alembic_version VALUES ('older')")
    try:
        with pytest.raises(OldTables), snapshot(settings):
            pass
    finally:
        with sessions.begin() as session:
            session.connection().exec_driver_sql(f"DROP TABLE {STAMP}")


def test_database_without_tables_is_refused(settings: Settings, sessions: Sessions) -> None:
    with sessions.begin() as session:
        Base.metadata.drop_all(session.connection())
    try:
        with pytest.raises(NothingThere), snapshot(settings):
            pass
    finally:
        with sessions.begin() as session:
            Base.metadata.create_all(session.connection())


def test_no_table_counts_its_rows_itself() -> None:
    """A restore sets no counters: with one, the next row would take an id that is there."""
    counting = [one.name for one in Base.metadata.sorted_tables if _counts(one.name)]
    assert counting == []


def _counts(name: str) -> bool:
    return Base.metadata.tables[name].autoincrement_column is not None

"""The migrations make the tables the models describe, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from catalog.search.models import PREFIX
from core.orm import Base
from web.supervisor.database import MIGRATIONS

pytestmark = pytest.mark.integration


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def is_compared(name: str | None, kind: str, _: object) -> bool:
    """Tell whether a table is one of the models': the index of the search is derived."""
    return kind != "table" or not (name or "").startswith(PREFIX)


def described(connection: Connection) -> dict[str, tuple[set[str], set[str]]]:
    """Return the tables of the search with their columns and indexes."""
    found = inspect(connection)
    return {
        name: (
            {f"{column['name']} {column['type']} {column['nullable']}" for column in columns},
            {str(index["name"]) for index in found.get_indexes(name) if index["name"]},
        )
        for name in found.get_table_names()
        if name.startswith(PREFIX) and (columns := found.get_columns(name))
    }


def test_migrations_have_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_migrations_up_and_down_equal_the_models(engine: Engine) -> None:
    migrating = config()
    Base.metadata.drop_all(engine)
    try:
        with engine.begin() as connection:
            migrating.attributes["connection"] = connection
            command.upgrade(migrating, "head")
        with engine.begin() as connection:
            migrated = described(connection)
            context = MigrationContext.configure(connection, opts={"include_name": is_compared})
            differences = compare_metadata(context, Base.metadata)
        with engine.begin() as connection:
            migrating.attributes["connection"] = connection
            command.downgrade(migrating, "base")
        left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        Base.metadata.create_all(engine)
        with engine.connect() as connection:
            modelled = described(connection)
    assert differences == []
    assert migrated == modelled
    assert left == set()

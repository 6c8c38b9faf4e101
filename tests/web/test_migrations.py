"""The migrations make the tables the models describe, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from core.orm import Base
from web.supervisor.database import MIGRATIONS

pytestmark = pytest.mark.integration


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


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
            differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        with engine.begin() as connection:
            migrating.attributes["connection"] = connection
            command.downgrade(migrating, "base")
        left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        Base.metadata.create_all(engine)
    assert differences == []
    assert left == set()

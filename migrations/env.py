"""Alembic's environment: migrations run on the connection that the caller opened.

``mindcast db upgrade`` and the start of the site pass it; Flask-Migrate and a bare ``alembic`` get an
engine of their own. No batch alter is used: on SQLite it would drop what it does not know.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine

from core.orm import Base, UtcDateTime
from web import tables as _tables  # noqa: F401 -- every table is known from here on


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types by their names."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from core.orm import UtcDateTime")
        return "UtcDateTime()"
    return False


def run(connection: Connection) -> None:
    """Run what was asked for, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.config.get_main_option("sqlalchemy.url") or "").begin() as own:
        run(own)

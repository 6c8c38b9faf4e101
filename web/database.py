"""The web's handle on the database: request-bound sessions over the engine that core describes."""

from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy

from core.orm import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, whose request-bound proxy passes for the session it stands for."""

    if TYPE_CHECKING:
        session: Session  # type: ignore[assignment]  # the proxy has all of its methods


db = Database(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
"""``db.session`` is what views pass to services; they also commit it."""

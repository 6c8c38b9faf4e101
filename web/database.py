"""The web's handle on the database: request-bound sessions over the engine that core describes."""

from flask_sqlalchemy import SQLAlchemy

from core.orm import Base

db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
"""``db.session`` is what views pass to services; they also commit it."""

"""What should be gone: removals that are late, which people were promised."""

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from core.clock import utc_now
from core.database import make_engine, make_sessions, read_only
from core.settings import Settings
from streams.removal.models import Removal
from streams.removal.queries import overdue_removals
from web.doctor.findings import Finding, State, judged

ADVICE = (
    "Look at Background work for the reason and press Try again; "
    "the worker, the clock and the storage must be running."
)


def look_at_removals(settings: Settings) -> Finding:
    """Look for removals of recordings that should long be done."""
    if settings.database_url.startswith("sqlite") and not settings.home.exists():
        return Finding(State.OFF, "made at the first start")
    engine = make_engine(settings.database_url)
    try:
        if not inspect(engine).has_table(Removal.__tablename__):
            return Finding(State.OFF, "made at the first start")
        with read_only(make_sessions(engine)) as session:
            late = len(overdue_removals(session, now=utc_now()))
    except SQLAlchemyError as error:
        return Finding(State.OFF, str(error).splitlines()[0])  # the database is named by itself
    finally:
        engine.dispose()
    return judged(f"{late} overdue", ADVICE, well=late == 0)

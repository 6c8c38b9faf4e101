"""When the catalogue was last changed: the version of everything that is made from it."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream, Series, Topic

Version = tuple[object, ...]

_VERSION: Final = select(
    select(func.max(Livestream.updated_at)).scalar_subquery(),
    select(func.max(Topic.updated_at)).scalar_subquery(),
    select(func.max(Series.updated_at)).scalar_subquery(),
)


def catalogue_version(session: Session) -> Version:
    """Return what differs after a livestream, a topic or a series was written; one quick query.

    It does not tell of hosts, pictures and captions: what is kept by it lives some seconds only.
    """
    return tuple(session.connection().execute(_VERSION).one())

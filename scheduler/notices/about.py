"""A livestream as notices speak of it: one light query, and its words for one person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts.notices.ports import Person, Site
from accounts.notices.times import written
from catalog.models import Host, Livestream
from core.words import Words, in_language
from scheduler.models.notices import Bulletin

_ONE: Final = (
    select(
        Livestream.id,
        Livestream.titles,
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.timezone,
        Livestream.state,
        Livestream.visibility,
        Livestream.organisation_id,
        Livestream.host_id,
        Host.names.label("host_names"),
        Livestream.host_wanted_at,
        Livestream.sequence,
        Livestream.updated_at,
        (Livestream.recorded & Livestream.withheld_at.is_(None)).label("kept"),
        Bulletin.facts.label("told"),
    )
    .join(Host, Host.id == Livestream.host_id)
    .outerjoin(Bulletin, Bulletin.livestream_id == Livestream.id)
    .where(Livestream.id == bindparam("livestream_id"))
)


class About(NamedTuple):
    """What is true of a livestream now; times are UTC."""

    id: str
    titles: Words
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: str
    visibility: str
    organisation_id: str | None
    host_id: str
    host_names: Words
    host_wanted_at: datetime | None
    """Since when another host is being found; None: ``host_id`` comes."""
    sequence: int
    updated_at: datetime
    kept: bool
    """Whether there may be a replay: it is recorded, and its host has not withdrawn that."""
    told: Mapping[str, Any] | None
    """What everybody was last told of it, read along as every reminder asks; None: nothing."""

    def values(self, person: Person) -> dict[str, str]:
        """Return the variables of :data:`accounts.notices.kinds.LIVESTREAM` for one person."""
        minutes = (self.ends_at - self.starts_at).total_seconds() // 60
        return {
            "title": in_language(self.titles, person.language),
            "starts": written(self.starts_at, person.timezone, person.language),
            "host": in_language(self.host_names, person.language),
            "minutes": str(int(minutes)),
        }

    def title(self, person: Person) -> str:
        """Return the title in the language of a person, for subjects that may name it."""
        return in_language(self.titles, person.language)

    def page(self, site: Site, person: Person) -> str:
        """Return the whole address of its page."""
        return site.page(f"/livestreams/{self.id}", person.language)


def about(session: Session, livestream_id: str) -> About | None:
    """Return what is true of a livestream, as the database has it now; None when it is gone."""
    row = session.connection().execute(_ONE, {"livestream_id": livestream_id}).one_or_none()
    if row is None:
        return None
    return About._make(row)

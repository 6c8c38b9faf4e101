"""A topic, two series and two hosts with livestreams, and a viewer who may follow them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog.models import Livestream, Series, SeriesMember
from tests.fakes.programme import World


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    session.add(Series(id="nights", titles={"en": "Nights"}, created_at=now, updated_at=now))
    session.commit()
    return made


class Programme:
    """Livestreams that became known at a time of the test's choice."""

    def __init__(self, world: World) -> None:
        self.world = world

    def coming(
        self,
        *,
        known: timedelta = timedelta(0),
        days: float = 2,
        series: str = "",
        **changes: Any,  # noqa: ANN401 -- fields of a draft
    ) -> Livestream:
        """Return a livestream so many days ahead, announced ``known`` after now."""
        made = self.world.livestream(state=changes.pop("state", "scheduled"), **changes)
        made.starts_at = self.world.now + timedelta(days=days)  # by force: it may be over
        made.ends_at = made.starts_at + timedelta(hours=1)
        made.announced_at = self.world.now + known
        if series:
            self.world.session.add(SeriesMember(livestream_id=made.id, series_id=series))
        self.world.session.commit()
        return made

    def replay(
        self,
        *,
        known: timedelta = timedelta(0),
        **changes: Any,  # noqa: ANN401 -- as above
    ) -> Livestream:
        """Return a livestream of yesterday whose replay was released ``known`` after now."""
        made = self.coming(state="published", known=-timedelta(days=9), days=-1, **changes)
        made.published_at = self.world.now + known
        self.world.session.commit()
        return made


@pytest.fixture
def programme(world: World) -> Programme:
    return Programme(world)

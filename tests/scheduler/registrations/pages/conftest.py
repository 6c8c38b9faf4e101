"""A talk that lies ahead, who was asked by mail, and who said yes, for the pages of both."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from scheduler.registrations.services import Asked, confirm_from_mail
from tests.fakes.programme import World
from tests.fakes.reminding import Waiting, waiting
from web.site import Site


@pytest.fixture
def now() -> datetime:
    """Return a time that pages, which read the clock, agree with."""
    return nearest_times(utc_now())[0]


@pytest.fixture
def world(session: Session, now: datetime, app: object) -> World:
    del app
    made = World(session, now).build()
    session.commit()
    return made


@pytest.fixture
def talk(world: World, now: datetime) -> Livestream:
    starts_at = now + timedelta(days=5)
    made = world.livestream(
        state="scheduled", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    world.session.commit()
    return made


@pytest.fixture
def mei(session: Session, talk: Livestream, now: datetime) -> Waiting:
    """Somebody who was asked by mail just now."""
    made = waiting(session, talk, now)
    session.commit()
    return made


@pytest.fixture
def reminded(session: Session, mei: Waiting, talk: Livestream, now: datetime) -> Waiting:
    """The same, once they said yes."""
    asked = Asked(talk.id, talk.starts_at)
    confirm_from_mail(session, registration=mei.registration, asked=asked, now=now)
    session.commit()
    return mei


@pytest.fixture
def client(app: Site) -> FlaskClient:
    """A browser that keeps no cookies."""
    return app.test_client(use_cookies=False)

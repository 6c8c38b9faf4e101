"""The page on which an editor decides about one applicant."""

import pytest
from sqlalchemy.orm import Session

from core.clock import utc_now
from tests.fakes.hosting import browser_of
from tests.fakes.licences import applied
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration


def test_topics_stand_there_by_name_and_not_as_in_addresses(app: Site, session: Session) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    world = World(session, now).build()
    applied(session, "applicant", now)
    session.commit()
    editor = browser_of(app, world, "editor")
    page = "/administration/verification/people/applicant"
    assert "<dt>Topics</dt><dd>Sleep</dd>" in editor.get(page).text

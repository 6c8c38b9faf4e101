"""Pictures that cost much memory are decoded one after the other."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.credentials.rules.documents import Page, checked_page
from catalog.credentials.views import page_uploads
from tests.fakes.applying import page_file, send
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture
def browser(app: Site, session: Session, now: datetime) -> FlaskClient:
    world = World(session, now).build()
    session.commit()
    return browser_of(app, world, "viewer")


def test_pages_are_read_one_at_a_time(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = []

    def watched(data: bytes) -> Page:
        alone.append(page_uploads.ONE_AT_A_TIME.locked())
        return checked_page(data)

    monkeypatch.setattr(page_uploads, "checked_page", watched)
    send(browser, "/apply/licence", document=page_file(), go="upload")
    assert alone == [True]
    assert not page_uploads.ONE_AT_A_TIME.locked()

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from media.enums import UploadState
from media.imports import errors
from tests.fakes import uploads
from tests.fakes.hosting import Tags, browser_of
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.mark.parametrize(
    ("state", "broadcast", "offered"),
    [("draft", "idle", 1), ("missed", "idle", 1), ("live", "receiving", 0), ("ended", "ended", 0)],
)
def test_desk_offers_the_upload_while_it_can_be_taken(
    app: Site, world: World, state: str, broadcast: str, offered: int
) -> None:
    made = world.livestream(state=state, broadcast=broadcast)
    page = browser_of(app, world, "host").get(f"/livestreams/{made.id}/desk").text
    sections = [one for one in Tags(page).all("section") if "data-upload" in one]
    places = [one["data-upload"] for one in sections]
    assert places == [f"/api/v1/livestreams/{made.id}/uploads"] * offered


def test_desk_says_why_the_last_file_was_not_taken(app: Site, world: World, now: datetime) -> None:
    made = world.livestream(state="scheduled")
    upload = uploads.add_upload(
        world.session, MemoryStorage(), b"a", now=now, broadcast_id=made.broadcast_id
    )
    upload.state, upload.reason = UploadState.FAILED, errors.NOT_MEDIA
    world.session.flush()
    browser = browser_of(app, world, "host")
    english = browser.get(f"/livestreams/{made.id}/desk").text
    chinese = browser.get(f"/zh/livestreams/{made.id}/desk").text
    assert (errors.NOT_MEDIA in english, "这不是可以读取的视频文件" in chinese) == (True, True)

"""Pages promise no mail that its reader has switched off, and say how mails to them are written."""

import re
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import Category, Pace
from accounts.notices.services import choose, place_recipient, recipient_of_user
from catalog.models import Livestream
from scheduler.registrations.services import Asked, ask_for_account
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from tests.fakes.reminding import Waiting
from web.site import Site
from web.times import COOKIE

pytestmark = pytest.mark.integration

PROMISE = "You will be reminded: by mail"
TOLD_OF_CHANGES = "You have switched reminders off"
TOLD_OF_NOTHING = "You have switched off mails about livestreams that you wait for"
OFF = [
    ({Category.REMINDERS: Pace.OFF}, TOLD_OF_CHANGES),
    ({Category.REMINDERS: Pace.OFF, Category.CHANGES: Pace.OFF}, TOLD_OF_NOTHING),
]


@pytest.fixture
def mine(world: World, talk: Livestream, session: Session, now: datetime) -> str:
    """The recipient of an account that waits for the talk."""
    del world
    asked = Asked(talk.id, talk.starts_at)
    ask_for_account(session, asked=asked, user_id="viewer", now=now)
    session.commit()
    return recipient_of_user(session, user_id="viewer", now=now).id


def said(page: str) -> tuple[bool, bool, bool]:
    return PROMISE in page, TOLD_OF_CHANGES in page, TOLD_OF_NOTHING in page


@pytest.mark.parametrize(("choices", "told"), OFF)
def test_account_that_switched_reminders_off_is_promised_none(
    app: Site,
    world: World,
    talk: Livestream,
    session: Session,
    mine: str,
    choices: dict[Category, Pace],
    told: str,
) -> None:
    choose(session, recipient_id=mine, choices=choices, shows_titles=False)
    session.commit()
    browser = browser_of(app, world, "viewer")
    for place in (f"/livestreams/{talk.id}", f"/livestreams/{talk.id}/remind"):
        assert said(browser.get(place).text) == (
            False,
            told == TOLD_OF_CHANGES,
            told == TOLD_OF_NOTHING,
        )
    assert told in browser.get("/account/registrations").text


@pytest.mark.parametrize(("choices", "told"), OFF)
def test_person_without_account_who_switched_reminders_off_is_promised_none(
    app: Site, session: Session, reminded: Waiting, choices: dict[Category, Pace], told: str
) -> None:
    client = app.test_client(use_cookies=False)
    assert said(client.get(reminded.confirm).text) == (True, False, False)
    assert "You have switched" not in client.get(reminded.manage).text
    choose(session, recipient_id=reminded.recipient.id, choices=choices, shows_titles=False)
    session.commit()
    page = client.get(reminded.confirm).text
    assert said(page) == (False, told == TOLD_OF_CHANGES, told == TOLD_OF_NOTHING)
    assert "you get a mail as well" not in page
    assert told in client.get(reminded.manage).text


def test_mails_that_are_written_otherwise_than_the_page_are_named(
    app: Site, world: World, talk: Livestream, session: Session, mine: str
) -> None:
    browser, page = browser_of(app, world, "viewer"), f"/livestreams/{talk.id}"
    place_recipient(session, recipient_id=mine, language="zh-Hans", timezone="Asia/Shanghai")
    session.commit()
    assert "Mails to you are in Chinese, with times for Shanghai." in browser.get(page).text
    user = session.get_one(User, "viewer")
    user.language, user.timezone = "en", "Europe/Berlin"
    session.commit()
    browser.set_cookie(COOKIE, "Europe/Berlin")
    assert "Mails to you are in" not in browser.get(page).text


def test_pages_of_an_account_lead_to_each_other(app: Site, world: World) -> None:
    browser = browser_of(app, world, "viewer")
    places = ("/account/notices", "/account/registrations", "/account/calendar")
    for here in places:
        main = browser.get(here).text.split("<main", 1)[1]
        assert [f'href="{one}"' in main for one in places] == [True, True, True]
        assert f'href="{here}" aria-current="page"' in main


def test_each_place_of_an_area_is_offered_once(app: Site, world: World, talk: Livestream) -> None:
    browser = browser_of(app, world, "viewer")
    stranger = app.test_client(use_cookies=False)
    pages = (browser.get("/account/notices"), stranger.get(f"/livestreams/{talk.id}/remind"))
    for page in pages:
        options = page.text.split('id="timezone"', 1)[1].split("</select>", 1)[0]
        areas = [re.findall(r"<option[^>]*>([^<]+)<", one) for one in options.split("</optgroup>")]
        assert [len(one) for one in areas] == [len(set(one)) for one in areas]
        assert {"UTC", "Sydney", "Shanghai", "Kyiv"} <= set().union(*areas)

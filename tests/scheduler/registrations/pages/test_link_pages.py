"""What the links of mails open: saying yes, the page of everything, and the end of it."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import recipient_of_user
from catalog.models import Livestream
from core.settings import Settings
from scheduler.registrations.services import Asked, ask_for_account
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from tests.fakes.reminding import Waiting, rows
from web.site import Site

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)


def standing(session: Session) -> tuple[bool, bool]:
    """Return whether the one registration is confirmed, and whether it was ended."""
    session.expire_all()
    found = session.scalars(select(Registration)).one()
    return found.confirmed_at is not None, found.ended_at is not None


def test_opening_the_link_confirms_nothing(
    client: FlaskClient, mei: Waiting, session: Session
) -> None:
    assert "Yes, remind me" in client.get(mei.confirm).text
    assert client.head(mei.confirm).status_code == 200
    assert standing(session) == (False, False)


def test_button_confirms_and_shows_what_comes(
    client: FlaskClient, mei: Waiting, talk: Livestream, session: Session
) -> None:
    answer = client.post(mei.confirm)
    assert (answer.status_code, answer.location) == (303, mei.confirm)
    page = client.get(mei.confirm).text
    assert f"/livestreams/{talk.id}.ics" in page
    assert mei.manage in page
    assert standing(session) == (True, False)
    assert [kind for kind, *_rest in rows(session)] == ["confirm_registration", "registered"]


def test_times_are_those_of_the_recipient_without_a_cookie(
    client: FlaskClient, mei: Waiting, talk: Livestream
) -> None:
    local = talk.starts_at + timedelta(hours=8)  # Shanghai
    for address in (mei.confirm, mei.manage):
        page = client.get(address).text
        assert (f"{local:%H:%M}</time>" in page, "Shanghai (UTC+8)" in page) == (True, True)


def test_link_that_is_too_old_says_so_and_sends_another_one(
    client: FlaskClient, mei: Waiting, session: Session, now: datetime
) -> None:
    mei.registration.asked_at = now - 2 * DAY
    session.commit()
    assert "This link was good for 48 hours" in client.get(mei.confirm).text
    assert client.post(mei.confirm).status_code == 409
    assert standing(session) == (False, False)
    old = mei.confirm
    answer = client.post(f"{old}/again")
    assert (answer.status_code, answer.location) == (303, f"{old}?asked=yes")
    assert "A new mail is on its way to you." in client.get(answer.location).text
    assert [revision for _kind, _occurrence, revision in rows(session)] == [1, 2]


def test_link_to_what_was_cancelled_says_so(
    client: FlaskClient, mei: Waiting, talk: Livestream, session: Session
) -> None:
    talk.state, talk.announced_at = "cancelled", talk.starts_at
    session.commit()
    assert "This livestream was cancelled" in client.get(mei.confirm).text
    assert [client.post(f"{mei.confirm}{more}").status_code for more in ("", "/again")] == [409] * 2
    assert standing(session) == (False, False)


@pytest.mark.parametrize("change", ["proof", "purpose", "ended", "null"])
def test_link_that_is_broken_or_ended_leads_nowhere(
    client: FlaskClient, mei: Waiting, session: Session, change: str
) -> None:
    confirm, manage = mei.confirm, mei.manage
    if change == "proof":
        confirm, manage = confirm[:-1] + "x", manage[:-1] + "x"
    elif change == "purpose":
        confirm = manage.replace("/mine/", "/confirm/")
        manage = mei.confirm.replace("/confirm/", "/mine/")
    elif change == "null":
        confirm, manage = "/notices/confirm/c.%00.%00.x", "/notices/mine/m.%00.-.x"
    else:
        mei.recipient.link_version += 1
        session.commit()
    answers = [client.get(confirm), client.post(confirm), client.get(manage)]
    answers += [client.post(f"{manage}/{act}") for act in ("links", "erase", "choices")]
    assert [one.status_code for one in answers] == [404] * 6
    assert "This link no longer works" in answers[0].text
    assert standing(session) == (False, False)


def test_form_of_a_mail_needs_a_token_once_somebody_is_signed_in(
    app: Site, world: World, mei: Waiting, session: Session
) -> None:
    browser = browser_of(app, world, "viewer")
    assert browser.post(mei.confirm).status_code == 400
    assert standing(session) == (False, False)
    assert send(browser, mei.confirm, mei.confirm).status_code == 303
    assert standing(session) == (True, False)


def test_reminder_is_called_off_and_brought_back_without_signing_in(
    client: FlaskClient, reminded: Waiting, session: Session
) -> None:
    one = f"{reminded.manage}/registrations/{reminded.registration.id}"
    ended = client.post(f"{one}/end")
    assert (ended.status_code, ended.location) == (303, f"{reminded.manage}?done=called_off")
    assert standing(session) == (True, True)
    assert f"{one}/reopen" in client.get(ended.location).text
    assert client.post(f"{one}/reopen").location == f"{reminded.manage}?done=undone"
    assert standing(session) == (True, False)


def test_reminder_of_what_has_begun_is_not_brought_back(
    client: FlaskClient, reminded: Waiting, talk: Livestream, session: Session
) -> None:
    one = f"{reminded.manage}/registrations/{reminded.registration.id}"
    client.post(f"{one}/end")
    talk.state = "live"
    session.commit()
    page = client.post(f"{one}/reopen")
    assert (page.status_code, "has begun" in page.text) == (409, True)
    assert standing(session) == (True, True)


def test_choices_language_and_zone_are_kept(
    client: FlaskClient, reminded: Waiting, session: Session
) -> None:
    form = {
        "pace-reminders": "off",
        "pace-changes": "at_once",
        "pace-replays": "daily",
        "shows_titles": "1",
        "language": "zh-Hans",
        "timezone": "Europe/Berlin",
    }
    answer = client.post(f"{reminded.manage}/choices", data=form)
    assert (answer.status_code, answer.location) == (303, f"{reminded.manage}?done=kept")
    session.expire_all()
    found = session.scalars(select(Recipient)).one()
    kept = (found.language, found.timezone, found.shows_titles, found.choices["reminders"])
    assert kept == ("zh-Hans", "Europe/Berlin", True, "off")


def test_choices_that_are_none_are_refused_whole(
    client: FlaskClient, reminded: Waiting, session: Session
) -> None:
    form = {"pace-reminders": "off", "pace-changes": "at_once", "pace-replays": "daily"}
    page = client.post(f"{reminded.manage}/choices", data={**form, "language": "tlh"})
    assert page.status_code == 422
    session.expire_all()
    assert session.scalars(select(Recipient.choices)).one() == {}


def test_ended_links_lead_nowhere_and_the_page_goes_on_under_another(
    client: FlaskClient, reminded: Waiting, session: Session
) -> None:
    before = reminded.manage
    after = client.post(f"{before}/links").location
    assert client.get(after).status_code == 200
    assert (client.get(before).status_code, client.get(reminded.confirm).status_code) == (404, 404)
    session.expire_all()
    assert after == f"{reminded.manage}?done=renewed"


def test_erasing_asks_first_and_gives_a_receipt(
    client: FlaskClient, reminded: Waiting, session: Session
) -> None:
    manage = reminded.manage
    assert "mei@example.net" in client.get(f"{manage}/erase").text
    assert standing(session) == (True, False)
    page = client.post(f"{manage}/erase")
    assert (page.status_code, "Receipt" in page.text) == (200, True)
    assert client.get(manage).status_code == 404
    assert session.scalars(select(Recipient.id)).all() == []


def test_erasing_takes_the_mails_that_lie_in_the_home(
    client: FlaskClient,
    reminded: Waiting,
    session: Session,
    settings: Settings,
) -> None:
    folder = settings.mail / "2026-11-22" / "12"
    folder.mkdir(parents=True)
    ids = session.scalars(select(Notice.id)).all()
    for name in (*ids, "another"):
        (folder / f"{name}.abcd.eml").write_text("To: somebody")
    client.post(f"{reminded.manage}/erase")
    assert [path.name for path in folder.iterdir()] == ["another.abcd.eml"]


def test_link_of_somebody_with_an_account_leads_to_signing_in(
    client: FlaskClient, session: Session, talk: Livestream, now: datetime, world: World
) -> None:
    del world
    recipient = recipient_of_user(session, user_id="viewer", now=now)
    asked = Asked(talk.id, talk.starts_at)
    registration = ask_for_account(session, asked=asked, user_id="viewer", now=now)
    session.commit()
    one = Waiting(recipient, registration)
    answer = client.get(one.manage)
    assert (answer.status_code, answer.location) == (303, "/account/registrations")
    assert client.get(f"{one.manage}/data").status_code == 404
    for act in (f"registrations/{registration.id}/end", "links", "erase", "choices", "calendar"):
        assert client.post(f"{one.manage}/{act}").status_code == 404
    assert standing(session) == (True, False)


def test_person_with_an_account_sees_what_they_asked_for_and_calls_it_off(
    app: Site, world: World, session: Session, talk: Livestream, now: datetime
) -> None:
    asked = Asked(talk.id, talk.starts_at)
    registration = ask_for_account(session, asked=asked, user_id="viewer", now=now)
    session.commit()
    browser, mine = browser_of(app, world, "viewer"), "/account/registrations"
    assert "3 a.m. thoughts" in browser.get(mine).text
    one = f"{mine}/{registration.id}"
    assert send(browser, f"{one}/end", mine).location == f"{mine}?done=called_off"
    assert standing(session) == (True, True)
    assert send(browser, f"{one}/reopen", mine).location == f"{mine}?done=undone"
    assert standing(session) == (True, False)


def test_private_title_is_not_named_to_who_left_the_organisation(
    app: Site, world: World, session: Session, now: datetime
) -> None:
    private = world.private()
    asked = Asked(private.id, private.starts_at)
    ask_for_account(session, asked=asked, user_id="employeea", now=now)
    ask_for_account(session, asked=asked, user_id="viewer", now=now)  # once a member
    session.commit()
    pages = [
        browser_of(app, world, name).get("/account/registrations").text
        for name in ("employee_a", "viewer")
    ]
    assert ["3 a.m. thoughts" in page for page in pages] == [True, False]

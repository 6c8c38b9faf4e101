"""What the links of mails keep from whoever finds an old one, and what they hand to their owner."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Registration
from catalog.models import Livestream
from tests.fakes.reminding import Waiting

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)


def is_confirmed(session: Session) -> bool:
    session.expire_all()
    return session.scalars(select(Registration)).one().confirmed_at is not None


def test_link_that_was_replaced_says_yes_to_nothing_and_opens_nothing(
    client: FlaskClient, mei: Waiting, session: Session, now: datetime
) -> None:
    """Whoever found an old mail has a new link sent to its owner, and cannot use the old one."""
    mei.registration.asked_at = now - 2 * DAY
    session.commit()
    old = mei.confirm
    client.post(f"{old}/again")
    client.post(old)
    assert not is_confirmed(session)
    assert "We have sent another link since" in client.get(old).text
    assert client.post(mei.confirm).status_code == 303
    assert is_confirmed(session)
    assert mei.manage in client.get(mei.confirm).text
    shown = client.get(old)
    assert ("You will be reminded" in shown.text, mei.manage in shown.text) == (True, False)


def test_link_that_is_too_old_leads_to_no_other_reminders(
    client: FlaskClient, reminded: Waiting, session: Session, now: datetime
) -> None:
    reminded.registration.asked_at = now - 2 * DAY
    session.commit()
    page = client.get(reminded.confirm).text
    assert ("You will be reminded" in page, reminded.manage in page) == (True, False)


def test_ended_links_end_the_calendar_that_others_could_have_taken_from_the_page(
    client: FlaskClient, reminded: Waiting
) -> None:
    client.post(f"{reminded.manage}/calendar", data={"act": "make"})
    feed = re.search(r"/calendar/my/\S+?\.ics", client.get(reminded.manage).text)
    assert feed is not None
    assert client.get(feed[0]).status_code == 200
    client.post(f"{reminded.manage}/links")
    assert client.get(feed[0]).status_code == 404


def test_everything_that_is_held_is_handed_over_as_a_file(
    client: FlaskClient, reminded: Waiting, talk: Livestream
) -> None:
    assert f'href="{reminded.manage}/data"' in client.get(reminded.manage).text
    answer = client.get(f"{reminded.manage}/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mindcast.json"'
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == (
        "private, no-store",
        "no-referrer",
    )
    held = answer.get_json()
    assert [one["address"] for one in held["accounts_recipient"]] == ["mei@example.net"]
    assert [one["subject_id"] for one in held["accounts_registration"]] == [talk.id]
    assert reminded.manage.rpartition(".")[2] not in answer.text
    assert client.get(f"{reminded.manage[:-1]}/data").status_code == 404

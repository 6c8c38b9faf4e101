from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.notices.enums import Category, NoticeState, Pace
from accounts.notices.kinds import KINDS
from accounts.notices.models import Notice, Recipient
from accounts.notices.paces import categories_for, must_know
from accounts.notices.queries.people import SHOWN
from core.sealing import unseal
from core.settings import Settings
from tests.fakes.recipients import person
from web.site import Site

pytestmark = pytest.mark.integration

PAGE = "/account/notices"
FORM = {
    "pace-reminders": "at_once",
    "pace-changes": "off",
    "pace-replays": "daily",
    "pace-follows": "off",
    "pace-account": "daily",
    "language": "zh-Hans",
    "timezone": "Asia/Shanghai",
}
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def sign_in(app: Site) -> SignIn:
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("raw")

    def browser_of(user: User) -> FlaskClient:
        browser = app.test_client()
        browser.environ_base["HTTP_X_CSRFTOKEN"] = str(token)
        with browser.session_transaction() as login:
            login["_user_id"] = user.fs_uniquifier
            login["csrf_token"] = "raw"
        return browser

    return browser_of


@pytest.fixture
def texting(app: Site, settings: Settings) -> None:
    """Let text messages be offered."""
    app.extensions["mindcast.settings"] = replace(settings, text_messages="files")


def test_nobody_chooses_without_signing_in(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 401


def test_reading_the_page_writes_nothing(sign_in: SignIn, session: Session, now: datetime) -> None:
    user, ann = person(session, "ann", now)
    session.delete(ann)
    session.commit()
    page = sign_in(user).get(PAGE)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert session.query(Recipient).count() == 0
    assert "Nothing in the last 90 days." in page.text


def test_choices_are_kept_and_the_former_ones_offered_to_go_back_to(
    sign_in: SignIn, session: Session, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    session.commit()
    saved = sign_in(user).post(PAGE, data={**FORM, "shows_titles": "1"})
    session.expire_all()
    assert saved.status_code == 200
    assert ann.choices == {
        "reminders": "at_once",
        "changes": "off",
        "replays": "daily",
        "follows": "off",
        "account": "daily",
    }
    assert ann.shows_titles
    assert (user.language, user.timezone) == ("zh-Hans", "Asia/Shanghai")
    undo = saved.text.split('<form method="post"')[1:]
    former = next(form for form in undo if "Undo" in form)
    for name, value in (("pace-changes", "at_once"), ("pace-replays", "at_once")):
        assert f'name="{name}" value="{value}"' in former
    assert 'name="timezone" value="UTC"' in former
    assert "shows_titles" not in former.split("</form>")[0]


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.VIEWER, set()),
        (Role.HOST, {"hosting"}),
        (Role.MODERATOR, {"moderating"}),
        (Role.EDITOR, {"staff"}),
    ],
)
def test_people_see_what_concerns_them(
    sign_in: SignIn, session: Session, now: datetime, role: Role, more: set[str]
) -> None:
    user, _ = person(session, "ann", now, role)
    session.commit()
    page = sign_in(user).get(PAGE).text
    offered = {name for name in ("hosting", "moderating", "staff") if f'"pace-{name}"' in page}
    assert offered == more
    assert ("always come" in page) == bool(more)


@pytest.mark.usefixtures("texting")
def test_wrong_fields_are_named_and_nothing_is_kept(
    sign_in: SignIn, session: Session, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    session.commit()
    answer = sign_in(user).post(PAGE, data={**FORM, "phone": "13800138000", "shows_titles": "1"})
    session.expire_all()
    assert answer.status_code == 422
    assert 'href="#phone"' in answer.text
    assert 'value="13800138000"' in answer.text
    assert 'id="pace-changes-off" name="pace-changes" value="off" checked' in answer.text
    assert (ann.choices, ann.shows_titles, user.language) == ({}, False, "en")


def test_text_messages_are_offered_only_where_they_go_somewhere(
    sign_in: SignIn, app: Site, session: Session, settings: Settings, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    session.commit()
    browser = sign_in(user)
    texts = {"phone": "+8613800138000", "sms_minutes": "1"}
    assert 'name="phone"' not in browser.get(PAGE).text
    assert browser.post(PAGE, data={**FORM, **texts}).status_code == 200
    assert session.get_one(Recipient, ann.id, populate_existing=True).phone_sealed == ""
    app.extensions["mindcast.settings"] = replace(settings, text_messages="files")
    saved = browser.post(PAGE, data={**FORM, **texts}).text
    session.expire_all()
    assert unseal(settings.data_key, ann.phone_sealed) == "+8613800138000"
    assert 'value="+8613800138000"' in saved
    assert 'name="sms_minutes" value="1" checked' in saved
    assert "sms_asked" not in saved  # for hosts


def test_every_kind_that_was_sent_is_named_with_its_date_and_state(
    sign_in: SignIn, session: Session, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    for number, kind in enumerate(sorted(KINDS)):
        session.add(
            Notice(
                recipient_id=ann.id,
                occurrence=f"{number}",
                kind=kind,
                channel="mail",
                state=NoticeState.SENT,
                due_at=now,
                sent_at=now.replace(minute=number),
                created_at=now,
            )
        )
    session.commit()
    browser = sign_in(user)
    shown = browser.get(PAGE).text.split('class="told"')[1].split("</ul>")[0]
    assert shown.count("<li>") == shown.count("<span>Sent</span>") == 20


def test_all_that_can_be_sent_and_chosen_has_a_name(app: Site) -> None:
    template = app.jinja_env.get_template("accounts/notices/_words.html")
    words: Any = template.make_module({"_": str})
    assert set(words.kinds) == set(KINDS)
    assert set(words.categories) == set(Category)
    assert set(words.paces) == set(Pace)
    assert set(words.still_comes) == {one for one in categories_for(Role) if must_know(one)}
    assert set(words.states) == set(SHOWN)

"""Everything that is held about one person: handed over without secrets, and erased."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.notices.channels import Texts
from accounts.notices.ends import FileEnd
from accounts.notices.enums import Category, Channel, NoticeState, Pace
from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Notice, Recipient, Registration, Wording
from accounts.notices.personal import HELD, erase, export, remove_old_mails
from accounts.notices.ports import Outgoing
from accounts.notices.services import Posting, choose, choose_texts, post
from core.orm import Base
from core.settings import Settings
from scheduler.models import CalendarFeed
from tests.fakes.recipients import person, registration, stranger
from web.clock import mail_jobs
from web.personal.register import REGISTER

KEY = "a data key of the tests"
TABLES = (Recipient, Registration, Notice, Wording, CalendarFeed)


@pytest.fixture
def mei(session: Session, now: datetime) -> Recipient:
    """Somebody without an account of whom there is something everywhere."""
    made = stranger(session, data_key=KEY, now=now)
    fill(session, made, now)
    return made


def fill(session: Session, recipient: Recipient, now: datetime) -> None:
    asked = registration(session, recipient, now)
    paces = {Category.REPLAYS: Pace.DAILY}
    choose(session, recipient_id=recipient.id, choices=paces, shows_titles=True)
    choose_texts(
        session, recipient_id=recipient.id, phone="+4915112345", texts=[Texts.MINUTES], data_key=KEY
    )
    posting = Posting("minutes_before", "a-livestream", facts={"start": "then"})
    post(session, posting, recipient_id=recipient.id, registration_id=asked.id, now=now)
    session.add(CalendarFeed(recipient_id=recipient.id, created_at=now))
    session.flush()


def send_all(session: Session, mail: Path, now: datetime) -> list[Path]:
    for row in session.scalars(select(Notice)):
        end = FileEnd(mail, Channel(row.channel), clock=lambda: now)
        for _again in range(2):  # sent again after a crash: a second file
            end.send(Outgoing(row.id, row.channel, "mei@mail.example", b"To: mei@mail.example\r\n"))
        row.state, row.sent_at = NoticeState.SENT, now
    session.flush()
    return files(mail)


def files(mail: Path) -> list[Path]:
    return sorted(path for path in mail.rglob("*") if path.is_file())


def test_every_column_is_thought_about() -> None:
    ours = {name: set(table.columns.keys()) for name, table in Base.metadata.tables.items()}
    assert {name: held.columns for name, held in HELD.items()} == {
        table.__tablename__: ours[table.__tablename__] for table in TABLES
    }


def test_every_table_that_names_a_recipient_is_thought_about() -> None:
    naming = {
        key.parent.table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == Recipient.__tablename__
    }
    assert naming <= set(REGISTER)
    assert all(REGISTER[name].whose is not None for name in naming)


def test_everything_is_handed_over_and_no_secret(session: Session, mei: Recipient) -> None:
    found = export(session, recipient_id=mei.id, data_key=KEY)
    at = "2026-03-10T18:00:00.000Z"
    assert found["accounts_recipient"] == [
        {
            "address": "mei@mail.example",
            "phone": "+4915112345",
            "language": "en",
            "timezone": "Asia/Shanghai",
            "choices": {
                "replays": "daily",
                "sms_minutes": "at_once",
                "sms_changes": "off",
                "sms_asked": "off",
            },
            "shows_titles": True,
            "created_at": at,
        }
    ]
    assert found["accounts_registration"] == [
        {
            "subject_kind": "livestream",
            "subject_id": "a-livestream",
            "asked_at": at,
            "asks": 1,
            "confirmed_at": at,
            "ended_at": None,
        }
    ]
    told = sorted(found["accounts_notice"], key=lambda row: row["channel"])
    assert [(row["kind"], row["channel"], row["due_at"]) for row in told] == [
        ("minutes_before", "mail", at),
        ("minutes_before", "sms", at),
    ]
    assert told[0]["facts"] == {"start": "then"}
    assert found["scheduler_calendar_feed"] == [
        {"created_at": at, "revoked_at": None, "read_at": None}
    ]
    assert found["accounts_wording"] == []
    written = repr(found)
    for secret in (mei.id, mei.fingerprint, mei.address_sealed, mei.phone_sealed):
        assert str(secret) not in written


@pytest.mark.usefixtures("mei")
def test_nothing_of_others_is_handed_over(session: Session, now: datetime) -> None:
    other = stranger(session, data_key=KEY, now=now, email="other@mail.example")
    found = export(session, recipient_id=other.id, data_key=KEY)
    assert {name: len(rows) for name, rows in found.items()} == {
        **dict.fromkeys(HELD, 0),
        "accounts_recipient": 1,
    }
    assert export(session, recipient_id="nobody", data_key=KEY) == {name: [] for name in HELD}


def test_nothing_is_left_of_somebody_without_an_account(
    session: Session, mei: Recipient, now: datetime, tmp_path: Path
) -> None:
    other = stranger(session, data_key=KEY, now=now, email="other@mail.example")
    fill(session, other, now)
    assert len(send_all(session, tmp_path, now)) == 8
    kept = set(session.scalars(select(Notice.id).where(Notice.recipient_id == other.id)))
    assert erase(session, recipient_id=mei.id, mail=tmp_path) == {
        "accounts_recipient": 1,
        "accounts_registration": 1,
        "accounts_notice": 2,
        "accounts_wording": 0,
        "scheduler_calendar_feed": 1,
        "mails": 4,
    }
    session.expire_all()
    left = {table: session.scalar(select(func.count()).select_from(table)) for table in TABLES}
    assert left == {Recipient: 1, Registration: 1, Notice: 2, Wording: 0, CalendarFeed: 1}
    assert {path.name.partition(".")[0] for path in files(tmp_path)} == kept
    assert set(erase(session, recipient_id=mei.id, mail=tmp_path).values()) == {0}


@pytest.mark.integration
def test_page_that_erases_takes_the_mails_in_the_home_along(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    mei = stranger(session, data_key=settings.data_key, now=now)
    post(session, Posting("day_before", "a-livestream"), recipient_id=mei.id, now=now)
    assert len(send_all(session, settings.mail, now)) == 2
    session.commit()
    token = make_token(settings.data_key, Purpose.MANAGE, mei.id, mei.link_version)
    page = client.post(f"/notices/mine/{token}/erase")
    assert "<dt>Our copies of mails</dt><dd>2</dd>" in page.text
    assert files(settings.mail) == []


def test_account_and_wordings_outlive_what_notices_held(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    user, ann = person(session, "ann", now, Role.EDITOR)
    words = {"kind": "day_before", "subject": "Soon", "body": "Soon.", "updated_at": now}
    session.add(Wording(**words, language="en", updated_by=user.id))
    session.add(Wording(**words, language="zh-Hans"))
    session.flush()
    assert [
        row["language"]
        for row in export(session, recipient_id=ann.id, data_key=KEY)["accounts_wording"]
    ] == ["en"]
    assert erase(session, recipient_id=ann.id, mail=tmp_path)["accounts_wording"] == 1
    session.expire_all()
    assert session.scalars(select(Wording.updated_by)).all() == [None, None]
    assert session.get(User, user.id) is not None
    assert session.get(Recipient, ann.id) is None


def test_mails_of_a_day_go_after_thirty_days(
    session: Session, settings: Settings, now: datetime
) -> None:
    days = [now - timedelta(days=number) for number in (0, 29, 30, 31, 400)]
    for number, day in enumerate(days):
        end = FileEnd(settings.mail, Channel.MAIL, clock=lambda day=day: day)  # type: ignore[misc]  # a fixed clock
        end.send(Outgoing(f"n{number}", "mail", "mei@mail.example", b""))
    other = settings.mail / "read me.txt"
    other.write_text("of the administrator")
    (job,) = mail_jobs(settings)
    job.act(session, now)
    assert [path.name.partition(".")[0] for path in files(settings.mail)] == [
        *("n2", "n1", "n0"),
        "read me",
    ]
    assert remove_old_mails(settings.mail, now=now) == 0
    assert remove_old_mails(settings.mail / "none", now=now) == 0

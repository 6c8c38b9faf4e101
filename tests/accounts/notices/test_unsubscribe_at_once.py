"""Stopping holds for what a worker has already taken up: nothing is sent that was not begun."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.channels import Texts
from accounts.notices.delivery.deciding import Decider
from accounts.notices.enums import Category, Channel, NoticeState
from accounts.notices.models import Notice, Recipient
from accounts.notices.ports import Answer, Due, Say, Site
from accounts.notices.services import Posting, choose_texts, post
from accounts.notices.services.claiming import claim
from core.settings import Settings
from tests.fakes.recipients import registration, stranger, unsubscribe_path

pytestmark = pytest.mark.integration

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
WORKER = "a worker"


@pytest.fixture
def mei(session: Session, settings: Settings, now: datetime) -> Recipient:
    return stranger(session, data_key=settings.data_key, now=now)


def take_up(session: Session, now: datetime) -> list[str]:
    """Let a worker claim what is due."""
    ids = list(claim(session, worker=WORKER, channels=list(Channel), now=now))
    session.commit()
    return ids


def decided(session: Session, settings: Settings, notice_id: str, now: datetime) -> tuple[str, str]:
    """Let the worker come to a row; return its state and the reason."""

    def source(session: Session, due: Due, now: datetime) -> Answer:
        del session, due, now
        return Say({})

    site = Site("http://localhost", "mindcast@localhost", settings.data_key)
    kinds = ("day_before", "minutes_before", "changed")
    decider = Decider(WORKER, site, dict.fromkeys(kinds, source))
    decider.decide(session, notice_id, wordings={}, now=now)
    session.expire_all()
    row = session.execute(select(Notice.state, Notice.reason).where(Notice.id == notice_id)).one()
    return row.state, row.reason


def test_leased_reminder_of_a_registration_that_one_click_ended_is_dropped(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    asked, other = registration(session, mei, now), registration(session, mei, now, "another")
    for one in (asked, other):
        posting = Posting("day_before", one.subject_id)
        post(session, posting, recipient_id=mei.id, registration_id=one.id, now=now)
    taken = take_up(session, now)
    client.post(unsubscribe_path(settings.data_key, mei, asked.id), data=ONE_CLICK)
    found = {decided(session, settings, notice_id, now) for notice_id in taken}
    assert found == {(NoticeState.DROPPED, "unsubscribed"), (NoticeState.SENDING, "")}


def test_leased_notice_of_a_category_that_one_click_stopped_is_dropped(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    for kind in ("changed", "day_before"):
        post(session, Posting(kind, "a-livestream"), recipient_id=mei.id, now=now)
    taken = take_up(session, now)
    client.post(unsubscribe_path(settings.data_key, mei, Category.CHANGES), data=ONE_CLICK)
    found = {decided(session, settings, notice_id, now) for notice_id in taken}
    assert found == {(NoticeState.DROPPED, "off"), (NoticeState.SENDING, "")}


def test_leased_text_message_that_is_no_longer_wanted_is_dropped(
    session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    key = settings.data_key
    phone = {"recipient_id": mei.id, "phone": "+4915112345", "data_key": key}
    choose_texts(session, texts=[Texts.MINUTES], **phone)
    post(session, Posting("minutes_before", "a-livestream"), recipient_id=mei.id, now=now)
    mail, text = sorted(take_up(session, now), key=lambda one: channel_of(session, one))
    choose_texts(session, texts=[Texts.CHANGES], **phone)
    assert decided(session, settings, text, now) == (NoticeState.DROPPED, "off")
    assert decided(session, settings, mail, now) == (NoticeState.SENDING, "")


def channel_of(session: Session, notice_id: str) -> str:
    return session.get_one(Notice, notice_id).channel

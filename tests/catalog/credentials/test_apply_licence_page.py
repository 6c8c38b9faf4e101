from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.credentials.models import (
    Consent,
)
from catalog.models import Host
from core.clock import utc_now
from tests.fakes.applying import post, send
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def test_host_changes_topics_languages_and_interests_and_never_the_kind(
    app: Site, world: World
) -> None:
    host = browser_of(app, world, "host")
    page = "/hosting/licence"
    change = {
        "topics": ["sleep", "anxiety"],
        "languages": ["en"],
        "interests": "listed",
        "interests_en": "Fees from Lund Pharma, 2025",
        "kind": "counsellor",
    }
    assert send(host, page, **change).location == f"{page}?saved=teaching"
    text = host.get(page).text
    assert text.count("checked") >= 4
    assert "Fees from Lund Pharma, 2025" in text
    assert "Psychiatrist" in text
    assert send(host, page, languages=["xx"]).status_code == 422
    assert send(host, page, languages=["en"], interests="listed").status_code == 422


def test_host_withdraws_consent_and_gives_it_again(
    app: Site, session: Session, world: World
) -> None:
    host = browser_of(app, world, "host")
    page = "/hosting/licence"
    for recording in ("1", "1", "withdraw", "1"):
        post(host, f"{page}/consent", page, recording=recording)
    rows = session.scalars(select(Consent).where(Consent.user_id == "host")).all()
    assert sorted(row.withdrawn_at is None for row in rows) == [False, True]
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("consent.%"))).all()
    assert sorted(acts) == ["consent.give", "consent.give", "consent.withdraw"]


def test_licence_page_is_for_hosts(app: Site, world: World, client: FlaskClient) -> None:
    answers = [
        browser.get("/hosting/licence").status_code
        for browser in (client, browser_of(app, world, "viewer"), browser_of(app, world, "host"))
    ]
    assert answers == [401, 403, 200]


def test_licence_page_gives_notice_before_the_mark_lapses(
    app: Site, session: Session, world: World
) -> None:

    host = browser_of(app, world, "host")
    assert "The mark lapses" not in host.get("/hosting/licence").text
    session.get_one(Host, "host").verified_until = utc_now() + timedelta(days=5)
    session.commit()
    assert "The mark lapses" in host.get("/hosting/licence").text

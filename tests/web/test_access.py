import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.settings import Settings
from tests.web.access_seed import OPEN_SLOT, ROLES, World, make_world
from tests.web.access_table import ANY, BODIES, TABLE
from web.site import Site

pytestmark = pytest.mark.integration

AUTOMATIC = {"HEAD", "OPTIONS"}


@pytest.fixture
def world(session: Session, settings: Settings, now: datetime) -> World:
    return make_world(session, data_key=settings.data_key, now=now)


def routes_of(app: Site) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - AUTOMATIC
    }


def address_of(rule: str, subject: str, world: World) -> str:
    values = {"slug": "sleep", "path:filename": "none.css", "host_id": world.people["host"].id}
    values |= {"upload_id": "a" * 16, "mark_id": "a" * 16, "int:number": "0"}
    values |= {"series_id": "none", "audience": "frontline", "language": "en"}
    values |= {"slot_id": OPEN_SLOT}
    values |= {"document_id": "none", "handout_id": "none"}
    values |= {"person_id": world.people["host"].id, "secret": "none", "entry_id": "none"}
    values |= {"roster_id": "none", "issuer_id": "none"}
    values |= {"offer_id": "none", "search_id": "none"}
    values |= {"kind": "digest", "notice_id": "none", "hour": "18", "name": "none.eml"}
    values |= {"duty_id": "none", "room_id": "none", "day": "2026-03-10"}
    values |= {"poll_id": "a" * 16, "question_id": "none"}
    values |= {"token": "none", "answer_id": "none"}
    values |= {"number": "none", "passkey_id": "none", "follow_id": "none"}
    values |= {"registration_id": "none", "any(srt, vtt, txt):ending": "srt"}
    if subject in world.livestreams:
        livestream = world.livestreams[subject]
        values["livestream_id"] = values["work_id"] = livestream.id
        values["broadcast_id"] = livestream.broadcast_id
        values["path:rest"] = f"{livestream.broadcast_id}/master.m3u8"
    return re.sub(r"<([^>]+)>", lambda found: values[found[1]], rule)


def browser_of(app: Site, world: World, role: str) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction() as login:
        login["csrf_token"] = "raw"
        if role != "stranger":
            login["_user_id"] = world.people[role].fs_uniquifier
            login["_fresh"] = True
    return browser


def ask(
    app: Site,
    world: World,
    role: str,
    method: str,
    address: str,
    body: Any,  # noqa: ANN401 -- JSON
) -> int:
    csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("raw")
    headers = {"X-CSRFToken": str(csrf)}
    programs = address.startswith(("/api/", "/media/", "/internal/"))
    if programs and role != "stranger":
        headers = {"Authorization": f"Bearer {world.tokens[role]}"}
    browser = app.test_client() if programs else browser_of(app, world, role)
    return browser.open(address, method=method, headers=headers, json=body).status_code


def test_every_route_stands_in_the_table(app: Site) -> None:
    assert routes_of(app) == set(TABLE)


@pytest.mark.parametrize(("method", "rule"), sorted(TABLE), ids=map(" ".join, sorted(TABLE)))
def test_route_answers_each_role_as_the_table_says(
    app: Site, connection: Connection, world: World, method: str, rule: str
) -> None:
    body = BODIES.get((method, rule))
    if body and body.get("host"):
        body = {**body, "host": world.people["host"].id}
    expected, given = {}, {}
    for subject, answers in TABLE[method, rule].items():
        address = address_of(rule, subject, world)
        for role in ROLES:
            if answers[role] == ANY:
                continue
            undone = connection.begin_nested()
            expected[subject, role] = answers[role]
            given[subject, role] = ask(app, world, role, method, address, body)
            undone.rollback()
    assert given == expected

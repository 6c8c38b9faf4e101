"""Promise 7: a day after the end nothing joins two questions of one person, nor one to her account.

Somebody asks in two rooms, in every way there is: in a browser without an account, in one that is
signed in, as a program with her token; she votes, and asks to be reminded in the same minute. A
second person does the like, so that what both have in common is known as public. Then whoever has
the whole database, the logs, both keys of the installation, and knows her address and what her
browser holds, tries to find her.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from catalog.models import Livestream
from core.orm import Base
from core.sealing import fingerprint, keyed_fingerprint
from core.settings import Settings
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from streams.questions.services import decide
from streams.room.models import Room
from streams.room.rules import address_key, participant_key
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web.clock import JOBS
from web.site import Site

pytestmark = pytest.mark.integration

HER, OTHER = "198.51.100.7", "203.0.113.9"
DAY = timedelta(hours=24)
FORGETTING = {
    *("people of rooms", "rejected questions", "expired answers"),
    *("old counts", "old beats", "old grants"),
}


@dataclass
class Person:
    """Somebody, what is known of them, and the questions they asked by room."""

    name: str
    user_id: str
    token: str
    address: str
    known: set[str] = field(default_factory=set)
    asked: dict[str, list[str]] = field(default_factory=dict)


def dump(session: Session) -> list[set[str]]:
    """Return every row of every table as the set of what stands in it; times to the minute."""
    session.expire_all()
    return [
        {text for value in row for text in _texts(value)}
        for table in Base.metadata.sorted_tables
        for row in session.execute(select(table))
    ]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, datetime):
        yield value.isoformat(timespec="minutes")
    elif isinstance(value, dict | list):
        yield json.dumps(value, default=str)
        parts: Iterable[object] = value.values() if isinstance(value, dict) else value
        for part in parts:
            yield from _texts(part)
    elif isinstance(value, str) and value:
        yield value


def around(rows: list[set[str]], *names: str) -> set[str]:
    """Return all that stands in a row beside one of these names."""
    return {text for row in rows if not row.isdisjoint(names) for text in row}


def cloud(rows: list[set[str]], names: Iterable[str], others: Iterable[str]) -> set[str]:
    """Return what stands beside these names, and beside that: what is public leads nowhere."""
    near = around(rows, *names) - around(rows, *others)
    return near | around(rows, *near)


def joins(rows: list[set[str]], her: Person, other: Person) -> set[str]:
    """Return what her questions of two rooms, or they and her account, have in common alone."""
    hers = (her.user_id, fingerprint(her.token), her.address)
    theirs = (other.user_id, fingerprint(other.token), other.address)
    asked = {one for ids in her.asked.values() for one in ids}
    of_others = {one for ids in other.asked.values() for one in ids}
    public = cloud(rows, of_others, asked) | cloud(rows, theirs, hers)
    account = cloud(rows, hers, theirs)
    first, second = (cloud(rows, ids, of_others) for ids in her.asked.values())
    return ((first & second) | (first & account) | (second & account)) - public


def reached(session: Session, rows: list[set[str]], her: Person, settings: Settings) -> set[str]:
    """Return her questions that keys of the installation and what is known of her lead to."""
    secrets = list(session.scalars(select(Room.secret)))
    derived = {
        make(secret, known)
        for secret in (*secrets, settings.secret_key, settings.data_key)
        for known in (*her.known, her.address, her.user_id, her.token)
        for make in (participant_key, address_key, keyed_fingerprint)
    }
    derived |= {fingerprint(known) for known in (*her.known, her.address, her.user_id)}
    mine = {one for ids in her.asked.values() for one in ids}
    return {one for one in mine if around(rows, one) & derived}


def take_part(
    site: Site, world: World, person: Person, livestream_id: str, wanted: str, words: str
) -> None:
    """Ask in every way there is, twice with the same key, vote, and ask to be reminded."""
    at = {"REMOTE_ADDR": person.address}
    api = f"/api/v1/livestreams/{livestream_id}"
    program = {"Authorization": f"Bearer {person.token}", "Idempotency-Key": f"key {words}"}
    anonymous, signed_in = site.test_client(), browser_of(site, world, person.name)
    with signed_in.session_transaction() as login:
        login["csrf_token"] = "raw"
    signer = URLSafeTimedSerializer(site.config["SECRET_KEY"], salt="wtf-csrf-token")
    page = {"X-CSRFToken": str(signer.dumps("raw"))}
    ids: list[str] = []
    for browser, headers in ((anonymous, {}), (signed_in, page), (site.test_client(), program)):
        text = {"text": f"{words} {len(ids)}?"}
        answer = post(browser, f"{api}/questions", at, headers, text)
        assert answer.status_code == 202, answer.text
        ids.append(answer.get_json()["id"])
        if headers is program:  # sent twice, taken once
            again = post(site.test_client(), f"{api}/questions", at, headers, text)
            assert again.get_json()["id"] == ids[-1]
            assert again.get_json()["edit_token"] == answer.get_json()["edit_token"]
        held = browser.get_cookie("mc_room", path=api)
        assert held is not None
        person.known.add(held.value)
        assert post(browser, f"{api}/questions/{wanted}/votes", at, headers).status_code == 200
    subject = {"livestream": livestream_id}
    remind = post(site.test_client(), "/api/v1/registrations", at, program, subject)
    assert remind.status_code in {202, 409}
    person.asked[livestream_id] = ids


def post(
    browser: FlaskClient,
    path: str,
    at: dict[str, str],
    headers: dict[str, str],
    body: dict[str, str] | None = None,
) -> TestResponse:
    return browser.post(path, json=body, headers=headers, environ_base=at)


def test_a_day_later_nothing_joins_what_one_person_asked(
    app: Site, session: Session, settings: Settings, now: datetime
) -> None:
    world = World(session, now).build()
    rooms = [
        world.livestream(state="scheduled", host_id=host, moderators=1)
        for host in ("host", "otherhost")
    ]
    wanted = [approved(session, room, now) for room in rooms]
    session.commit()
    people = [
        Person(name, str(world.actors[name].user_id), world.tokens[name], address)
        for name, address in (("viewer", HER), ("employee_a", OTHER))
    ]
    with capture_logs() as logs:
        for minutes, (person, (room, question)) in enumerate(
            (person, pair) for person in people for pair in zip(rooms, wanted, strict=True)
        ):
            with time_machine.travel(now + timedelta(minutes=3 * minutes), tick=False):
                words = f"Words of {person.name} {minutes}"
                take_part(app, world, person, room.id, question, words)
    her, other = people
    rows = dump(session)
    assert reached(session, rows, her, settings) == {
        one for ids in her.asked.values() for one in ids
    }
    assert any(text.startswith("2026-03-10T18:0") for text in joins(rows, her, other))

    end = now + timedelta(hours=2)
    for room in rooms:
        room.state, room.ended_at = "ended", end
    session.commit()
    for job in JOBS:
        if job.name in FORGETTING:
            job.act(session, end + DAY)
    session.commit()

    rows = dump(session)
    assert all(around(rows, one) for ids in her.asked.values() for one in ids)  # still there
    assert reached(session, rows, her, settings) == set()
    assert joins(rows, her, other) == set()
    check_logs(logs, her)


def check_logs(logs: Iterable[Any], her: Person) -> None:
    """No line about a room says from where it came, and no line holds what opens a question."""
    lines = [json.dumps(one, default=str) for one in logs if one.get("event") == "request"]
    of_rooms = [line for line in lines if "/questions" in line]
    assert of_rooms
    assert not [line for line in of_rooms if HER in line or "address" in line]
    assert not [line for line in lines if any(known in line for known in her.known)]


def approved(session: Session, livestream: Livestream, now: datetime) -> str:
    """Return a question of nobody who matters, to be voted on."""
    question = Question(
        livestream_id=livestream.id,
        text="Shown",
        edit_fingerprint=fingerprint(livestream.id),
        asked_at=now,
        changed_at=now,
    )
    session.add(question)
    session.flush()
    decide(session, question_id=question.id, to=QuestionState.APPROVED, now=now)
    return question.id

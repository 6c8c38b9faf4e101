"""The audience state: small, tagged, the same for everybody, and newer with every change."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import User
from accounts.services import issue_token
from streams.questions.enums import QuestionState, RiskTier
from streams.questions.models import Question
from streams.questions.services import decide
from streams.room_state.rules import MOST
from tests.fakes.rooms import Asking, open_asking

pytestmark = pytest.mark.integration


@pytest.fixture
def asking(session: Session, now: Any) -> Asking:  # noqa: ANN401 -- the fixture's
    return open_asking(session, now)


def ask(client: FlaskClient, asking: Asking, rest: str = "", **headers: str) -> TestResponse:
    asking.session.commit()
    address = f"/api/v1/livestreams/{asking.livestream.id}/audience{rest}"
    return client.get(
        address, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def test_only_what_was_let_through_is_told(client: FlaskClient, asking: Asking) -> None:
    (shown,) = asking.approved(1)
    asking.ask("My name is Ann and I live in Leeds.")
    state = ask(client, asking).json
    assert state
    assert [one["id"] for one in state["questions"]] == [shown.id]
    assert "Leeds" not in json.dumps(state)
    everything = ask(client, asking, "/questions").json
    assert everything
    assert [one["id"] for one in everything["items"]] == [shown.id]


def test_the_state_is_small_however_many_are_shown(client: FlaskClient, asking: Asking) -> None:
    asking.approved(3)
    one = asking.session.query(Question).first()
    assert one is not None
    for number in range(400):
        asking.session.add(
            Question(
                livestream_id=asking.livestream.id,
                text=f"What is question {number}, and why does it matter to so many people here?",
                state=QuestionState.APPROVED,
                tier=RiskTier.LOW,
                edit_fingerprint=f"{number:064}",
                asked_at=asking.now,
                changed_at=asking.now,
                shown_at=asking.now + timedelta(seconds=number),
            )
        )
    answer = ask(client, asking, Accept_Encoding="gzip, br")
    state = json.loads(gzip.decompress(answer.data))
    assert (len(state["questions"]), state["questions_count"]) == (MOST, 403)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 4096
    everything = client.get(state["questions_url"])
    assert "max-age=10" in everything.headers["Cache-Control"]
    assert everything.json
    assert len(everything.json["items"]) == 403


def test_version_rises_with_every_change_that_everybody_may_see(
    client: FlaskClient, asking: Asking
) -> None:
    versions = [ask(client, asking).json["version"]]  # type: ignore[index]  # it is JSON
    (shown,) = asking.approved(1)
    versions.append(ask(client, asking).json["version"])  # type: ignore[index]  # as above
    decide(asking.session, question_id=shown.id, to=QuestionState.ON_AIR, now=asking.now)
    versions.append(ask(client, asking).json["version"])  # type: ignore[index]  # as above
    asking.livestream.updated_at += timedelta(milliseconds=1)
    versions.append(ask(client, asking).json["version"])  # type: ignore[index]  # as above
    assert versions == sorted(set(versions))


def test_an_unchanged_state_is_answered_without_reading_the_room(
    client: FlaskClient, asking: Asking, connection: Connection
) -> None:
    asking.approved(2)
    first = ask(client, asking)
    read: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        read.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    again = ask(client, asking, If_None_Match=first.headers["ETag"])
    event.remove(connection, "before_cursor_execute", note)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert not [one for one in read if "FROM streams_question" in one or "FROM streams_poll" in one]
    asking.approved(1)
    assert ask(client, asking, If_None_Match=first.headers["ETag"]).status_code == 200


def test_everybody_gets_the_same_and_a_cache_may_keep_it(
    client: FlaskClient, asking: Asking
) -> None:
    asking.approved(1)
    answers = [ask(client, asking), ask(client, asking, Cookie="mc_room=somebody; mc_session=x")]
    assert answers[0].data == answers[1].data
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
    for one in answers:
        assert one.headers["Cache-Control"] == "public, max-age=1"
        assert one.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in one.headers


def test_what_is_for_an_organisation_is_kept_by_no_cache(
    client: FlaskClient, asking: Asking
) -> None:
    asking.livestream.visibility, asking.livestream.organisation_id = "organisation", "companya"
    asking.approved(1)
    member = asking.session.get_one(User, "employeea")
    token = issue_token(asking.session, user=member, name="test", now=asking.now)
    for rest in ("", "/questions"):
        assert ask(client, asking, rest).status_code == 404
        answer = ask(client, asking, rest, Authorization=f"Bearer {token}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")

"""The API of questions: the contract of asking, and who may decide."""

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.models import Livestream
from core.clock import utc_now
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session) -> World:
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    return World(session, hour).build()


@pytest.fixture
def livestream(world: World, session: Session) -> Livestream:
    made = world.livestream(state="scheduled", moderators=1)
    session.commit()
    return made


def test_a_program_asks_and_the_crew_decides(
    client: FlaskClient, world: World, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    answer = client.post(room, json={"text": "Why do I wake at four?"})
    asked = answer.get_json()
    assert answer.status_code == 202
    assert (asked["state"], asked["help"]["urgent"], bool(asked["help"]["lines"])) == (
        "waiting",
        False,
        True,
    )
    assert asked["page_url"].endswith(f"/questions/{asked['edit_token']}")
    one = f"/api/v1/questions/{asked['id']}"

    def patch(name: str, **body: object) -> int:
        headers = {"Authorization": f"Bearer {world.tokens[name]}"} if name else {}
        return client.application.test_client().patch(one, json=body, headers=headers).status_code

    assert patch("", state="approved") == 404  # others are not told that it is there
    assert patch("viewer", state="approved") == 404
    assert patch("host", state="approved") == 403  # who answers does not let through
    assert patch("", text="Why at four?", edit_token=asked["edit_token"]) == 200
    assert patch("", text="Why at four?", edit_token="another") == 404
    assert patch("editor", state="approved", version=1) == 409  # the words are others by now
    assert patch("editor", state="approved", version=2) == 200
    assert patch("host", state="on_air") == 200
    assert patch("viewer", state="refused") == 403
    assert patch("", state="withdrawn", edit_token=asked["edit_token"]) == 200
    assert patch("editor", state="approved") == 409


def test_who_decided_by_the_api_is_written_down_and_never_what_was_asked(
    client: FlaskClient, session: Session, world: World, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    asked = client.post(room, json={"text": "Does Bertram Canary sleep?"}).get_json()
    headers = {"Authorization": f"Bearer {world.tokens['editor']}"}
    program = client.application.test_client()
    body = {"state": "refused", "reason": "identifying", "version": 1}
    one = f"/api/v1/questions/{asked['id']}"
    assert program.patch(one, json=body, headers=headers).status_code == 200
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == asked["id"])).one()
    assert (entry.act, entry.actor_id) == ("question.refuse", world.actors["editor"].user_id)
    assert entry.details == {
        "livestream": livestream.id,
        "from": "waiting",
        "to": "refused",
        "version": 2,
    }


def test_too_many_questions_of_one_person_are_told_to_wait(
    client: FlaskClient, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    within = utc_now().replace(minute=1, second=0, microsecond=0)  # windows turn every ten minutes
    with time_machine.travel(within, tick=False):
        answers = [client.post(room, json={"text": f"Question {one}?"}) for one in range(9)]
    assert [one.status_code for one in answers] == [202] * 8 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.application.test_client().post(room, json={"text": "Mine?"}).status_code == 202


def test_what_is_sent_again_is_taken_once(client: FlaskClient, livestream: Livestream) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    body, key = {"text": "Why at four?"}, {"Idempotency-Key": "k"}
    first = client.post(room, json=body, headers=key)  # without a pass, which it brings
    again = client.post(room, json=body, headers=key)
    assert again.get_json()["edit_token"] == first.get_json()["edit_token"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.application.test_client()
    other.post(room, json={"text": "Another?"})  # a person of their own, behind the same address
    theirs = other.post(room, json=body, headers=key).get_json()
    assert theirs["id"] != first.get_json()["id"]


def test_nothing_is_asked_when_it_is_over(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    livestream.state, livestream.ended_at = "ended", utc_now()
    session.commit()
    answer = client.post(f"/api/v1/livestreams/{livestream.id}/questions", json={"text": "Late?"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "questions_closed")

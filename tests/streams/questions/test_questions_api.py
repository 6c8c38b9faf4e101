"""The API of questions: the contract of asking, and who may decide."""

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.models import Livestream
from core.clock import utc_now
from core.sealing import unseal
from streams.moderation.access import decide_question
from streams.moderation.enums import Act
from streams.moderation.models import Handed
from streams.moderation.rules import help_text
from streams.moderation.services import Wish
from streams.questions.models import Question
from tests.fakes.desks import URGENT
from tests.fakes.programme import DATA_KEY, World

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
    assert patch("host", state="on_air", version=3) == 200
    assert patch("viewer", state="refused", version=4) == 403
    assert patch("editor", state="merged", version=4) == 422
    assert patch("", state="withdrawn", edit_token=asked["edit_token"]) == 200
    assert patch("editor", state="approved", version=5) == 404  # there is nothing left to decide on


def test_a_program_that_saw_another_version_is_told_how_it_stands_and_does_nothing(
    client: FlaskClient, world: World, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    asked = client.post(room, json={"text": "Why do I wake at four?"}).get_json()

    def patch(**body: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {world.tokens['editor']}"}
        program = client.application.test_client()
        return program.patch(f"/api/v1/questions/{asked['id']}", json=body, headers=headers)

    assert patch(state="approved").status_code == 200  # as it was sent in
    told = patch(state="refused").get_json()  # by whoever has not seen that
    assert (told["code"], told["state"], told["version"]) == ("changed_meanwhile", "approved", 2)
    again = patch(state="private", reply="For you.", version=2).get_json()
    assert (again["code"], again["state"]) == ("not_offered", "approved")


def test_a_program_does_no_more_to_what_cannot_wait_than_the_desk_offers(
    client: FlaskClient, session: Session, world: World, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    asked = client.post(room, json={"text": URGENT}).get_json()
    headers = {"Authorization": f"Bearer {world.tokens['editor']}"}

    def patch(**body: object) -> TestResponse:
        program = client.application.test_client()
        return program.patch(f"/api/v1/questions/{asked['id']}", json=body, headers=headers)

    for state in ("approved", "held", "refused", "answered"):
        told = patch(state=state)
        assert (told.status_code, told.get_json()["code"]) == (409, "never_shown"), state
    assert patch(state="private").get_json()["state"] == "private"
    question = session.get_one(Question, asked["id"])
    assert unseal(DATA_KEY, question.reply_sealed) == help_text("en")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == question.id)).one()
    assert entry.act == "question.help"


def test_whatever_a_program_makes_of_it_the_host_is_asked_no_longer(
    client: FlaskClient, session: Session, world: World, livestream: Livestream
) -> None:
    room = f"/api/v1/livestreams/{livestream.id}/questions"
    ids = [client.post(room, json={"text": text}).get_json()["id"] for text in ("One?", "Two?")]
    headers = {"Authorization": f"Bearer {world.tokens['editor']}"}
    for one in ids:
        decide_question(
            session,
            livestream_id=livestream.id,
            question_id=one,
            actor=world.actors["editor"],
            wish=Wish(Act.NEXT, 1),
            data_key=DATA_KEY,
            now=world.now,
        )
    session.commit()
    program = client.application.test_client()
    for one, body in zip(
        ids, ({"state": "held"}, {"state": "merged", "merged_into": ids[0]}), strict=True
    ):
        answer = program.patch(
            f"/api/v1/questions/{one}", json={**body, "version": 2}, headers=headers
        )
        assert answer.status_code == 200
    assert session.scalars(select(Handed)).all() == []
    merged = select(AuditEntry).where(AuditEntry.act == "question.merge")
    assert session.scalars(merged).one().details["into"] == ids[0]


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
        "reason": "identifying",
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

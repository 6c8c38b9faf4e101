"""From a place in a replay to a page that everybody may read, and back again."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from accounts.enums import Role
from accounts.models import AuditEntry, User
from accounts.rules import STRANGER, Actor
from catalog.models import Host
from core.clock import utc_now
from core.errors import InvalidInput, NotAllowed, NotFound, SignInNeeded
from media.models import Broadcast
from streams.answers import access
from streams.answers.errors import (
    AlreadyInLibrary,
    ChangedMeanwhile,
    NotAReviewer,
    NotReviewed,
)
from streams.answers.finding import answers_like
from streams.answers.models import Answer
from streams.answers.queries import open_questions, public_answers
from streams.answers.rules import Clip, Written
from streams.answers.services import forget_answers
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from tests.streams.trimming.conftest import Scene, scene

__all__ = ["scene"]
pytestmark = pytest.mark.integration

WRITTEN = Written({"en": "What wakes me at four?"}, {"en": "Often a worry."}, 12_000, 20_000)


def host_of(scene: Scene) -> Actor:
    return Actor(user_id=scene.livestream.host_id, roles=frozenset({Role.HOST}))


def verified(scene: Scene) -> None:
    scene.session.get_one(Host, scene.livestream.host_id).verified_until = utc_now() + timedelta(1)


def added(scene: Scene, *, question_id: str | None = None) -> Answer:
    return access.add_for(
        scene.session,
        actor=host_of(scene),
        livestream_id=scene.livestream.id,
        written=WRITTEN,
        question_id=question_id,
        now=utc_now(),
    )


def shown(scene: Scene) -> Answer:
    verified(scene)
    made = added(scene)
    access.review_for(
        scene.session, actor=host_of(scene), answer_id=made.id, version=1, now=utc_now()
    )
    return made


def asked(scene: Scene, **values: object) -> Question:
    began = scene.broadcast.opened_at
    assert began is not None
    one = Question(
        livestream_id=scene.livestream.id,
        text="Why do I wake at four?",
        state=QuestionState.ANSWERED,
        edit_fingerprint=f"{len(values)}",
        asked_at=began,
        changed_at=began,
        on_air_at=began + timedelta(seconds=12),
        answered_at=began + timedelta(seconds=20),
    )
    for name, value in values.items():
        setattr(one, name, value)
    scene.session.add(one)
    scene.session.flush()
    return one


def test_only_a_reviewed_answer_is_for_everybody(scene: Scene) -> None:
    made = added(scene)
    page = f"/answers/{made.id}"
    assert scene.client.get(page).status_code == 404
    assert scene.client.get(f"/api/v1{page}").status_code == 404
    assert public_answers(scene.session) == []
    with pytest.raises(NotAReviewer):
        access.review_for(
            scene.session, actor=host_of(scene), answer_id=made.id, version=1, now=utc_now()
        )
    with pytest.raises(NotReviewed):
        access.show_for(
            scene.session,
            actor=host_of(scene),
            answer_id=made.id,
            version=1,
            shown=True,
            now=utc_now(),
        )
    verified(scene)
    access.review_for(
        scene.session, actor=host_of(scene), answer_id=made.id, version=1, now=utc_now()
    )
    answer = scene.client.get(f"/api/v1{page}").get_json()
    assert (answer["start_seconds"], answer["end_seconds"]) == (12.0, 20.0)
    like = scene.client.post("/api/v1/answers/like", json={"q": "waking at four"}).get_json()
    assert [one["id"] for one in like["items"]] == [made.id]
    text = scene.client.get(page).get_data(as_text=True)
    assert "What wakes me at four?" in text
    assert "Checked by Dr. Example" in text
    assert "For the crew" not in text
    acts = scene.session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == made.id))
    assert sorted(acts) == ["answer.add", "answer.review"]


def test_changed_words_are_hidden_until_they_are_reviewed_again(scene: Scene) -> None:
    made = shown(scene)
    change = {"actor": host_of(scene), "answer_id": made.id, "now": utc_now()}
    access.change_for(scene.session, version=2, written=WRITTEN, **change)  # type: ignore[arg-type]
    assert public_answers(scene.session) == []
    with pytest.raises(ChangedMeanwhile):  # somebody else still looks at the second version
        access.review_for(scene.session, version=2, **change)  # type: ignore[arg-type]


def test_who_is_not_of_the_crew_writes_nothing(scene: Scene) -> None:
    made = shown(scene)
    for actor, refusal in ((STRANGER, SignInNeeded), (Actor(user_id="else"), NotAllowed)):
        with pytest.raises(refusal):
            access.remove_for(scene.session, actor=actor, answer_id=made.id, now=utc_now())
    assert len(public_answers(scene.session)) == 1


@pytest.mark.parametrize("end", ["withheld", "not released", "private", "emptied"])
def test_answer_goes_with_its_replay(scene: Scene, end: str) -> None:
    made = shown(scene)
    assert [one.id for one in answers_like(scene.session, text="waking at four")] == [made.id]
    changes = {
        "withheld": lambda: setattr(scene.livestream, "withheld_at", utc_now()),
        "not released": lambda: setattr(scene.livestream, "state", "ended"),
        "emptied": lambda: setattr(scene.broadcast, "emptied_at", utc_now()),
        "private": lambda: setattr(scene.livestream, "recorded", False),
    }
    changes[end]()
    scene.session.flush()
    assert answers_like(scene.session, text="waking at four") == []
    assert end == "emptied" or scene.client.get(f"/answers/{made.id}").status_code == 404


def test_answer_moves_with_a_cut_and_goes_when_its_part_is_cut_away(scene: Scene) -> None:
    shown(scene)
    assert scene.api("POST", "trim", {"start_seconds": 10}).status_code == 200
    assert [one.clip for one in public_answers(scene.session)] == [Clip(2_000, 10_000)]
    assert scene.api("POST", "trim", {"start_seconds": 11}).status_code == 200
    assert public_answers(scene.session) == []
    assert scene.api("DELETE", "trim").status_code == 200
    assert [one.clip for one in public_answers(scene.session)] == [Clip(12_000, 20_000)]


def test_words_of_a_removed_recording_are_deleted(scene: Scene) -> None:
    shown(scene)
    forget_answers(scene.session)
    assert len(public_answers(scene.session)) == 1
    scene.session.get_one(Broadcast, scene.livestream.broadcast_id).emptied_at = utc_now()
    scene.session.flush()
    forget_answers(scene.session)
    assert scene.session.scalars(select(Answer)).all() == []


@pytest.mark.parametrize("state", [QuestionState.WITHDRAWN, QuestionState.REFUSED])
def test_answer_to_a_question_that_is_gone_is_read_by_nobody_and_deleted(
    scene: Scene, state: QuestionState
) -> None:
    verified(scene)
    question = asked(scene)
    made = added(scene, question_id=question.id)
    access.review_for(
        scene.session, actor=host_of(scene), answer_id=made.id, version=1, now=utc_now()
    )
    assert [one.id for one in public_answers(scene.session)] == [made.id]
    question.state = state
    scene.session.commit()
    assert public_answers(scene.session) == []
    assert answers_like(scene.session, text="What wakes me at four?") == []
    assert scene.client.get(f"/answers/{made.id}").status_code == 404
    crew = host_of(scene)
    _livestream, library = access.library_of(
        scene.session, actor=crew, livestream_id=scene.livestream.id
    )
    assert library == []
    forget_answers(scene.session)
    assert scene.session.scalars(select(Answer)).all() == []


def test_an_answer_belongs_to_no_question_that_others_cannot_read(scene: Scene) -> None:
    waiting = asked(scene, state=QuestionState.WAITING)
    assert added(scene, question_id=waiting.id).question_id is None


def test_question_becomes_one_answer_where_it_was_taken_up(scene: Scene) -> None:
    question = asked(scene)
    asked(scene, state=QuestionState.REFUSED, reason="harmful")
    (waiting,) = open_questions(scene.session, livestream=scene.livestream)
    assert (waiting.id, waiting.clip) == (question.id, Clip(12_000, 20_000))
    added(scene, question_id=question.id)
    assert open_questions(scene.session, livestream=scene.livestream) == []
    with pytest.raises(AlreadyInLibrary):
        added(scene, question_id=question.id)


def test_answer_in_a_premiere_lies_where_it_was_said_in_the_talk(scene: Scene) -> None:
    """Hands are raised by the clock of the evening, the talk was brought in the day before."""
    began = scene.broadcast.opened_at
    assert began is not None
    later = timedelta(days=1)
    scene.broadcast.premiere_at = began + later
    asked(
        scene,
        on_air_at=began + later + timedelta(seconds=12),
        answered_at=began + later + timedelta(seconds=20),
    )
    (waiting,) = open_questions(scene.session, livestream=scene.livestream)
    assert waiting.clip == Clip(12_000, 20_000)


def test_form_keeps_what_was_typed_and_names_its_faults(scene: Scene) -> None:
    with scene.client.session_transaction() as login:
        login["csrf_token"] = "raw"
        login["_user_id"] = scene.session.get_one(User, scene.livestream.host_id).fs_uniquifier
        login["_fresh"] = True
    secret = scene.client.application.config["SECRET_KEY"]
    token = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps("raw")
    page = f"/livestreams/{scene.livestream.id}/answers/new"
    typed = {"title_en": "Why?", "text_en": "Because.", "start": "soon", "end": "0:20"}
    answer = scene.client.post(page, data={**typed, "csrf_token": token})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(one in text for one in ("Because.", 'value="soon"', "Write minutes and seconds"))
    answer = scene.client.post(page, data={**typed, "start": "0:12", "csrf_token": token})
    assert answer.status_code == 303
    text = scene.client.get(answer.location).get_data(as_text=True)
    assert "0:12 to 0:20" in text
    assert "Only the crew can read this" in text


def test_nobody_learns_of_an_answer_that_is_not(scene: Scene) -> None:
    with pytest.raises(NotFound):
        access.answer_for(scene.session, actor=STRANGER, answer_id="none", now=utc_now())
    with pytest.raises(InvalidInput):
        access.add_for(
            scene.session,
            actor=host_of(scene),
            livestream_id=scene.livestream.id,
            written=Written({}, {}, 0, 5_000),
            question_id=None,
            now=utc_now(),
        )

"""Asking with a browser that runs no script: the form, the secret page, me too, taking back."""

import re

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.clock import utc_now
from core.sealing import fingerprint
from streams.questions.enums import QuestionState as S
from streams.questions.errors import NoSuchQuestion
from streams.questions.models import Question
from streams.questions.services import decide, merge, reply, vote
from streams.questions.views import secret
from streams.readiness.services import note_presence
from streams.room import services
from streams.triage.rules import Verdict
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration


@pytest.fixture
def livestream(session: Session) -> Livestream:
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    made = World(session, hour).build().livestream(state="scheduled", moderators=1)
    session.commit()
    return made


def send(client: FlaskClient, livestream: Livestream, text: str, **more: str) -> str:
    page = f"/livestreams/{livestream.id}/questions"
    answer = client.post(page, data={"text": text, "name": "7", **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def one(session: Session) -> Question:
    session.expire_all()
    return session.query(Question).one()


def test_a_question_is_sent_and_followed_without_scripts(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    watch = client.get(f"/livestreams/{livestream.id}")
    assert 'action="/livestreams/' in watch.text
    assert "Set-Cookie" not in watch.headers  # only who takes part gets a pass
    link = send(client, livestream, "How long does it take to fall asleep?")
    page = client.get(link)
    assert "Sent, not shown yet" in page.text
    assert "tel:" in page.text
    told = {
        name: page.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    }
    assert told == {
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    question = one(session)
    token = link.rpartition("/")[2]
    assert question.edit_fingerprint == fingerprint(token)
    assert client.post(f"{link}/edit", data={"text": "How long?"}).status_code == 303
    assert one(session).text == "How long?"
    reply(
        session,
        question_id=question.id,
        text="About a quarter of an hour.",
        private=True,
        data_key=DATA_KEY,
        now=utc_now(),
    )
    session.commit()
    assert "About a quarter of an hour." in client.get(f"/zh{link}").text
    late = client.post(f"{link}/edit", data={"text": "Other words"})
    assert (late.status_code, one(session).text) == (409, "How long?")
    assert client.post(f"{link}/withdraw").status_code == 303
    assert "quarter" not in client.get(link).text
    assert client.get("/questions/nobody").status_code == 404


def test_only_its_asker_sees_it_before_a_moderator_did(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    watch, words = f"/livestreams/{livestream.id}", "Is dreaming a bad sign?"
    send(client, livestream, words)
    stranger = client.application.test_client()
    api = f"/api/v1{watch}"
    places = (watch, f"{watch}/questions", f"{api}/audience", f"{api}/questions")
    assert words in client.get(watch).text
    assert [words in stranger.get(place).text for place in places] == [False] * 4
    decide(session, question_id=one(session).id, to=S.APPROVED, now=utc_now())
    session.commit()
    assert words in stranger.get(f"{api}/audience").text  # so that it meant something


def test_who_was_merged_into_a_question_with_a_private_reply_is_promised_none(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    link = send(client, livestream, "How much sleep is enough?")
    mine = one(session)
    send(client.application.test_client(), livestream, "How much sleep do I need?")
    other = session.query(Question).filter(Question.id != mine.id).one()
    merge(session, question_id=mine.id, into_id=other.id, now=utc_now())
    reply(
        session,
        question_id=other.id,
        text="Seven hours.",
        private=True,
        data_key=DATA_KEY,
        now=utc_now(),
    )
    session.commit()
    page = client.get(link).text
    assert "There is a reply for you alone" not in page
    assert "You are welcome to ask yours again" in page
    assert "Seven hours" not in page


def test_words_in_danger_bring_help_first(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    page = client.get(send(client, livestream, "我不想活了")).text
    assert one(session).tier == "high"
    assert page.index("You can talk to someone now") < page.index("Sent, not shown yet")


def test_who_asks_for_a_dose_reads_who_can_say(
    client: FlaskClient, livestream: Livestream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret, "tier_of", lambda _text: Verdict("low", "dosing"))
    page = client.get(send(client, livestream, "How many tablets?")).text
    assert "Nobody here can tell you a dose" in page


def test_a_fault_keeps_the_words(client: FlaskClient, livestream: Livestream) -> None:
    page = f"/livestreams/{livestream.id}/questions"
    long = "sleep " * 100
    answer = client.post(page, data={"text": long})
    assert answer.status_code == 422
    assert long.strip() in answer.text
    renamed = client.post(page, data={"text": "half a thought", "act": "rename", "name": "7"})
    assert renamed.status_code == 200
    assert "half a thought" in renamed.text


def test_live_questions_need_a_moderator_who_is_there(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    livestream.state = "live"
    session.commit()
    page = f"/livestreams/{livestream.id}/questions"
    closed = client.post(page, data={"text": "Is anybody there?"})
    assert closed.status_code == 409
    assert "no moderator is here" in closed.text
    assert "Is anybody there?" in closed.text
    note_presence(session, livestream_id=livestream.id, user_id="standin0", now=utc_now())
    session.commit()
    send(client, livestream, "Is anybody there?")


def test_a_browser_is_one_person_and_has_its_say_once(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    send(client, livestream, "Why do I wake at four?")
    asked = one(session)
    decide(session, question_id=asked.id, to=S.APPROVED, now=utc_now())
    session.commit()
    votes = f"/livestreams/{livestream.id}/questions/{asked.id}/votes"
    assert client.post(votes).status_code == 303
    assert one(session).votes == 0  # nobody wants their own question as well
    other = client.application.test_client()
    for act, count in (("", 1), ("", 1), ("take_back", 0), ("take_back", 0), ("", 1)):
        assert other.post(votes, data={"act": act}).status_code == 303
        assert one(session).votes == count


def test_a_pass_is_sent_to_its_own_room_alone(client: FlaskClient, livestream: Livestream) -> None:
    answer = client.post(f"/livestreams/{livestream.id}/questions", data={"text": "Why at four?"})
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    below = {re.sub(".*Path=([^;]+).*", r"\1", one) for one in cookies}
    assert below == {f"{root}/livestreams/{livestream.id}" for root in ("", "/zh", "/api/v1")}
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies)
    assert not any("Expires" in one or "Max-Age" in one for one in cookies)
    left = client.post(f"/livestreams/{livestream.id}/questions/leave")
    assert left.status_code == 204
    assert "Why at four?" not in client.get(f"/livestreams/{livestream.id}").text


def test_a_made_up_pass_is_nobody(client: FlaskClient, livestream: Livestream) -> None:
    page = f"/livestreams/{livestream.id}"
    client.set_cookie("mc_room", "made.up", path=page)
    answer = client.post(f"{page}/questions", data={"text": "Who am I?"})
    assert "mc_room=" in answer.headers["Set-Cookie"]
    assert "made.up" not in answer.headers["Set-Cookie"]


def test_who_lost_the_link_reads_the_reply_and_takes_it_back_in_the_same_browser(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    watch = f"/livestreams/{livestream.id}"
    send(client, livestream, "How much sleep is enough?")
    asked = one(session)
    reply(
        session,
        question_id=asked.id,
        text="Seven hours for you.",
        private=True,
        data_key=DATA_KEY,
        now=utc_now(),
    )
    session.commit()
    stranger = client.application.test_client()
    page = client.get(watch)
    assert "Seven hours for you." in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    for place in (watch, f"{watch}/questions"):
        told = stranger.get(place).text
        assert "Seven hours for you." not in told
        assert "I have lost the link to my question" in told
    withdraw = f"{watch}/questions/{asked.id}/withdraw"
    assert stranger.post(withdraw).status_code == 404
    send(stranger, livestream, "Whose pass is this?")
    assert stranger.post(withdraw).status_code == 404
    assert client.post(withdraw).status_code == 303
    session.expire_all()
    assert (asked.state, asked.text) == (S.WITHDRAWN, "")
    assert "Seven hours for you." not in client.get(watch).text


def test_a_link_that_leads_nowhere_says_why_nobody_can_find_it(client: FlaskClient) -> None:
    page = client.get("/questions/nobody")
    assert page.status_code == 404
    assert "nobody here knows who asked" in page.text
    assert "please ask anew" in page.text


def test_what_could_tell_who_somebody_is_is_said_while_it_can_be_changed(
    client: FlaskClient, session: Session, livestream: Livestream
) -> None:
    link = send(client, livestream, "Should I call 020 7946 0958, or write to ann@mail.example?")
    said = "Somebody could be known by this: a mail address, a phone number."
    page = client.get(link).text
    assert (
        said in page or "Somebody could be known by this: a phone number, a mail address." in page
    )
    decide(session, question_id=one(session).id, to=S.APPROVED, now=utc_now())
    session.commit()
    assert "Somebody could be known by this" not in client.get(link).text


def test_a_vote_for_what_was_taken_from_view_at_that_moment_is_told(
    session: Session, client: FlaskClient, livestream: Livestream
) -> None:
    send(client, livestream, "Is dreaming a bad sign?")
    asked = decide(session, question_id=one(session).id, to=S.APPROVED, now=utc_now())
    session.commit()
    assert asked.state == S.APPROVED  # as the voter's request has read it
    session.execute(
        update(Question).values(state=S.REFUSED).execution_options(synchronize_session=False)
    )
    with pytest.raises(NoSuchQuestion):
        vote(session, question=asked, participant="a" * 32)


def test_newcomers_of_a_crowded_network_are_told_what_they_can_do(
    client: FlaskClient, livestream: Livestream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "NEWCOMERS", 1)
    page = f"/livestreams/{livestream.id}/questions"
    within = utc_now().replace(minute=10, second=0, microsecond=0)
    with time_machine.travel(within, tick=False):
        send(client, livestream, "The first of us?")
        told = client.application.test_client().post(page, data={"text": "The second?"})
        assert send(client, livestream, "Whoever is in goes on?")
    assert told.status_code == 429
    assert "for the next 50 minutes" in told.text
    assert "mobile data" in told.text
    assert "The second?" in told.text

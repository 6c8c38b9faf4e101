"""The pages of the desk and the host's queue, as forms without scripts and as what scripts ask."""

import json
import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import User
from streams.moderation import access, queries
from streams.moderation.enums import Act
from streams.questions.enums import RefusalReason
from streams.questions.errors import NoSuchQuestion
from tests.fakes.desks import URGENT, Desk, open_desk

pytestmark = pytest.mark.integration


def sign_in(client: FlaskClient, desk: Desk, user_id: str) -> None:
    desk.session.commit()
    with client.session_transaction() as login:
        login["_user_id"] = desk.session.get_one(User, user_id).fs_uniquifier
        login["_fresh"] = True
        login["csrf_token"] = "raw"


def post(client: FlaskClient, address: str, data: dict[str, str]) -> TestResponse:
    key = client.application.config["SECRET_KEY"]
    token = URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps("raw")
    return client.post(address, data=data, headers={"X-CSRFToken": str(token)})


def test_the_queue_marks_what_sounds_like_risk_and_puts_it_first(
    client: FlaskClient, desk: Desk
) -> None:
    first, urgent = desk.ask("What is a chronotype?"), desk.ask(URGENT)
    sign_in(client, desk, "mara")
    page = client.get(desk.address).text
    assert page.index(f'id="q-{urgent.id}"') < page.index(f'id="q-{first.id}"')
    assert "<mark" in page
    assert "One question may come from somebody in danger." in page
    opened = client.get(f"{desk.address}?question={urgent.id}").text
    assert "Nobody else ever reads this." in opened
    acts = {act for act in Act if f'value="{act}"' in opened}
    assert acts == {Act.PRIVATE, Act.HELP}
    assert "有 1 个提问可能来自身处危险的人。" in client.get(f"/zh{desk.address}").text


def test_forms_alone_open_decide_go_on_and_undo(client: FlaskClient, desk: Desk) -> None:
    one, other = desk.ask("One?"), desk.ask("Two?")
    sign_in(client, desk, "mara")
    opened = post(client, f"{desk.address}/open", {"show": "waiting", "question": one.id})
    assert opened.location.endswith(f"?show=waiting&question={one.id}")
    desk.session.refresh(one)
    assert one.reader_id == "mara"
    wish = {"show": "waiting", "question": one.id, "version": "1", "act": "approve"}
    done = post(client, f"{desk.address}/decide", wish)
    assert done.location.endswith(f"?show=waiting&question={other.id}&done={one.id}")
    after = client.get(done.location).text
    assert "Approved. Everybody can read it now." in after
    undone = {"show": "waiting", "question": one.id, "version": "2"}
    post(client, f"{desk.address}/undo", undone)
    desk.session.refresh(one)
    assert one.state == "waiting"


def test_the_second_moderator_is_told_what_the_first_decided(
    client: FlaskClient, desk: Desk
) -> None:
    question = desk.ask()
    desk.decide(question, Act.REFUSE, by="noor", reason=RefusalReason.UNCLEAR)
    sign_in(client, desk, "mara")
    wish = {"show": "waiting", "question": question.id, "version": "1", "act": "approve"}
    told = post(client, f"{desk.address}/decide", wish)
    assert told.status_code == 409
    assert "Noor refused it at" in told.text
    assert question.state == "refused"


def test_what_has_not_changed_is_answered_with_nothing_and_a_reader_is_news(
    client: FlaskClient, desk: Desk
) -> None:
    question = desk.ask()
    sign_in(client, desk, "mara")
    first = client.get(f"{desk.address}/state")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{desk.address}/state", headers=known).status_code == 304
    sign_in(client, desk, "noor")
    post(client, f"{desk.address}/open", {"show": "waiting", "question": question.id})
    sign_in(client, desk, "mara")
    news = client.get(f"{desk.address}/state", headers=known)
    assert "Being read by Noor" in json.loads(news.text)["html"]


def test_the_queue_costs_the_same_for_one_question_and_for_many(
    client: FlaskClient, desk: Desk
) -> None:
    sign_in(client, desk, "mara")
    counts = []
    for _round in range(2):
        desk.ask()
        desk.session.commit()
        counts.append(0)

        def count(*_args: object) -> None:
            counts[-1] += 1

        bind = desk.session.connection()
        event.listen(bind, "before_cursor_execute", count)
        client.get(f"{desk.address}/state")
        event.remove(bind, "before_cursor_execute", count)
        for _more in range(3):
            desk.ask()
    assert counts[0] == counts[1] > 0


def test_the_crew_closes_the_questions_and_opens_them(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk, "mara")
    post(client, f"{desk.address}/door", {"closed": "y"})
    assert "Questions are closed by the crew." in client.get(desk.address).text
    post(client, f"{desk.address}/door", {"closed": ""})
    assert "Questions are closed by the crew." not in client.get(desk.address).text


def test_nobody_at_a_live_desk_means_closed_until_somebody_comes(
    client: FlaskClient, desk: Desk
) -> None:
    sign_in(client, desk, "editor")
    assert "nobody has been at the desk for a minute" in client.get(desk.address).text
    question = desk.ask()
    sign_in(client, desk, "mara")
    post(client, f"{desk.address}/open", {"show": "waiting", "question": question.id})
    assert "Questions are open." in client.get(desk.address).text


def test_the_studio_shows_the_host_what_was_approved_and_nothing_else(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    desk = open_desk(session, now)
    shown, waiting, urgent = desk.ask("Shown?"), desk.ask("Not yet?"), desk.ask(URGENT)
    desk.decide(shown, Act.NEXT)
    sign_in(client, desk, "host")
    studio = f"/livestreams/{desk.livestream.id}/studio"
    page = client.get(studio).text
    assert "Shown?" in page
    assert "Your moderators ask you to answer this next" in page
    assert (waiting.text in page, urgent.text in page, "data-desk-alert" in page) == (
        False,
        False,
        False,
    )
    address = f"{studio}/questions/{shown.id}?version={shown.version}"
    post(client, address, {"act": "on_air"})
    session.refresh(shown)
    assert shown.state == "on_air"
    assert "You are answering" in client.get(f"{studio}/state").text
    taken = post(client, f"{studio}/questions/{waiting.id}?version=1", {"act": "on_air"})
    assert taken.status_code == 409


def test_a_long_pile_is_listed_in_part_and_says_how_many_lie_behind(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    later, urgent = desk.ask("Later?", minutes=1), desk.ask(URGENT, minutes=2)
    first, *_others = [desk.ask(text) for text in ("First?", "Second?", "Third?")]
    sign_in(client, desk, "mara")
    page = client.get(f"{desk.address}?question={later.id}").text
    assert [one.id in page for one in (urgent, first)] == [True, True]
    assert f'id="q-{later.id}"' not in page
    assert "Question from" in page  # what is open is shown, wherever it lies
    assert "3 more questions lie behind these" in page
    assert 'aria-current="true">Waiting <span class="meta">5</span>' in page


def test_prepared_texts_are_chosen_without_scripts_what_fits_first(
    client: FlaskClient, desk: Desk
) -> None:
    dosing = desk.ask("How many mg of sertraline should I take?")
    sign_in(client, desk, "mara")
    page = client.get(f"{desk.address}?question={dosing.id}").text
    groups = re.findall(r'<optgroup label="([^"]+)">', page)
    assert groups == [
        "What these words call for",
        "Care and treatment",
        "Why it is not shown or answered",
    ]
    chosen = client.get(f"{desk.address}?show=waiting&question={dosing.id}&text=dosing").text
    assert "Please ask the doctor or pharmacist who knows you" in chosen.partition("</select>")[2]


def test_a_decision_stands_when_the_next_question_is_gone_at_that_moment(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _next = desk.ask("One?"), desk.ask("Two?")
    sign_in(client, desk, "mara")

    def gone(*_args: object, **_more: object) -> None:
        raise NoSuchQuestion

    monkeypatch.setattr(access, "take_question", gone)
    wish = {"show": "waiting", "question": one.id, "version": "1", "act": "approve"}
    done = post(client, f"{desk.address}/decide", wish)
    assert done.location.endswith(f"?show=waiting&done={one.id}")
    desk.session.refresh(one)
    assert one.state == "approved"

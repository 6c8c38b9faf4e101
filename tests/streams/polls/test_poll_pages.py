"""Polls over the API and by forms: who may do what; a browser is known in one room alone."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from streams.polls.models import Poll, PollVote
from streams.room.passes import COOKIE
from tests.fakes.hosting import browser_of, send
from tests.streams.polls.conftest import Stage
from web.site import Site

pytestmark = pytest.mark.integration

WRITTEN = {"question": "Was it clear?", "choices": ["Yes", "No"]}


def bearer(stage: Stage, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.world.tokens[name]}"}


def api(stage: Stage) -> str:
    return f"/api/v1/livestreams/{stage.livestream.id}/polls"


def test_a_poll_from_its_writing_to_its_release(stage: Stage, client: FlaskClient) -> None:
    crew = bearer(stage, "host")
    stage.session.commit()
    made = client.post(api(stage), json=WRITTEN, headers=crew)
    assert made.status_code == 201
    one = f"{api(stage)}/{made.json['id']}"  # type: ignore[index]  # it is JSON
    states = [
        client.post(f"{one}/{act}", headers=crew).status_code
        for act in ("close", "open", "open", "close", "release", "release")
    ]
    assert states == [409, 200, 409, 200, 200, 409]
    state = client.get(f"/api/v1/livestreams/{stage.livestream.id}/audience").json
    assert state
    assert state["poll"]["state"] == "released"
    assert (state["poll"]["answers"], state["poll"]["shares"]) == ("few", None)


@pytest.mark.parametrize("name", ["viewer", "other_host"])
def test_polls_are_for_the_crew(stage: Stage, client: FlaskClient, name: str) -> None:
    poll = stage.poll()
    stage.session.commit()
    them = bearer(stage, name)
    answers = [
        client.get(api(stage), headers=them),
        client.post(api(stage), json=WRITTEN, headers=them),
        client.post(f"{api(stage)}/{poll.id}/open", headers=them),
    ]
    assert [one.status_code for one in answers] == [403, 403, 403]


def test_a_poll_is_not_found_below_another_livestream(stage: Stage, client: FlaskClient) -> None:
    poll = stage.poll(opened=True)
    other = stage.world.livestream(state="live", broadcast="receiving")
    stage.session.commit()
    address = f"/api/v1/livestreams/{other.id}/polls/{poll.id}"
    close = client.post(f"{address}/close", headers=bearer(stage, "editor"))
    vote = client.post(f"{address}/votes", json={"choice": 0})
    assert (close.status_code, vote.status_code) == (404, 404)


def test_a_browser_counts_once_and_is_known_in_this_room_alone(
    stage: Stage, client: FlaskClient
) -> None:
    poll = stage.poll(opened=True)
    stage.session.commit()
    first, second = (
        client.post(f"{api(stage)}/{poll.id}/votes", json={"choice": choice}) for choice in (0, 1)
    )
    assert second.json == {"poll": poll.id, "choice": 1}
    cookies = [one for one in first.headers.getlist("Set-Cookie") if one.startswith(f"{COOKIE}=")]
    paths = {re.search(r"Path=([^;]+)", one)[1] for one in cookies}  # type: ignore[index]  # each has one
    assert paths
    assert all(path.endswith(f"/livestreams/{stage.livestream.id}") for path in paths)
    assert not [one for one in second.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert stage.session.scalars(select(PollVote.choice)).all() == [1]


def test_what_somebody_answered_stands_on_their_page_and_on_no_other(
    stage: Stage, app: Site, client: FlaskClient
) -> None:
    poll = stage.poll(opened=True)
    stage.session.commit()
    page = f"/livestreams/{stage.livestream.id}"
    answered = client.post(f"{page}/polls/{poll.id}/vote", data={"choice": "1"})
    assert (answered.status_code, answered.headers["Location"]) == (303, f"{page}#poll")
    assert 'data-choice="1"' in client.get(page).text
    assert 'data-choice=""' in app.test_client().get(page).text


def test_the_crew_writes_and_runs_polls_without_scripts(stage: Stage, app: Site) -> None:
    stage.session.commit()
    browser = browser_of(app, stage.world, "host")
    page = f"/livestreams/{stage.livestream.id}/polls"
    empty = send(browser, page, page, question="", choice0="Yes")
    assert empty.status_code == 422
    assert 'href="#question"' in empty.text
    kept = send(browser, page, page, question="Was it clear?", choice0="Yes", choice1="No")
    poll = stage.session.scalars(select(Poll)).one()
    assert (kept.status_code, poll.choices) == (303, [{"en": "Yes"}, {"en": "No"}])
    told = [send(browser, f"{page}/{poll.id}/{act}", page) for act in ("open", "release", "close")]
    assert [one.status_code for one in told] == [303, 303, 409]
    assert 'role="alert"' in told[-1].text


def test_a_draft_is_changed_until_somebody_has_seen_it(stage: Stage, client: FlaskClient) -> None:
    poll = stage.poll()
    crew, one = bearer(stage, "host"), f"{api(stage)}/{poll.id}"
    stage.session.commit()
    other = {"question": {"en": "Clear?", "zh-Hans": "清楚吗"}, "choices": ["Yes", "A bit", "No"]}
    changed = client.put(one, json=other, headers=crew)
    assert changed.status_code == 200
    assert (changed.json["question"], changed.json["choices"]) == (  # type: ignore[index]  # it is JSON
        {"en": "Clear?", "zh-Hans": "清楚吗"},
        [{"en": "Yes"}, {"en": "A bit"}, {"en": "No"}],
    )
    assert client.put(one, json={**other, "choices": ["Yes"]}, headers=crew).status_code == 422
    assert client.post(f"{one}/open", headers=crew).status_code == 200
    late = client.put(one, json=WRITTEN, headers=crew)
    assert (late.status_code, late.json["code"]) == (409, "poll_moved")  # type: ignore[index]  # as above
    state = client.get(f"/api/v1/livestreams/{stage.livestream.id}/audience").json
    assert state
    assert [one["en"] for one in state["poll"]["choices"]] == ["Yes", "A bit", "No"]


def test_a_draft_is_changed_with_the_form_alone(app: Site, stage: Stage) -> None:
    stage.session.commit()
    browser = browser_of(app, stage.world, "host")
    page = f"/livestreams/{stage.livestream.id}/polls"
    send(browser, page, page, question="Clear?", choice0="Yes", choice1="No")
    poll = stage.session.scalars(select(Poll)).one()
    form = f"{page}?change={poll.id}"
    assert 'value="Clear?"' in browser.get(form).text
    refused = send(browser, f"{page}/{poll.id}/rewrite", form, question="", choice0="Yes")
    assert (refused.status_code, f"{poll.id}/rewrite" in refused.text) == (422, True)
    send(browser, f"{page}/{poll.id}/rewrite", form, question="Was it?", choice0="A", choice1="B")
    stage.session.expire_all()
    assert (poll.texts, poll.choices) == ({"en": "Was it?"}, [{"en": "A"}, {"en": "B"}])


def test_the_form_of_one_language_does_not_change_what_is_in_two(app: Site, stage: Stage) -> None:
    poll = stage.poll()  # in English and Chinese
    stage.session.commit()
    browser = browser_of(app, stage.world, "host")
    page = browser.get(f"/livestreams/{stage.livestream.id}/polls?change={poll.id}").text
    assert "#new-h" not in page
    assert "/rewrite" not in page

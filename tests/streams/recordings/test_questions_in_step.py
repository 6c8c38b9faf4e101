"""Questions stand in a replay where they were taken up."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.enums import LivestreamState, Visibility
from catalog.models import Host, Livestream
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from tests.fakes.shows import Show

pytestmark = pytest.mark.integration


@pytest.fixture
def replay(session: Session, now: datetime) -> Livestream:
    """Return a public replay of a minute and a half."""
    person = User(email="host@in-step.example", created_at=now)
    session.add(person)
    session.flush()
    show = Show(session, now, "source")
    show.begin_run(0)
    for _ in range(90):
        show.add(flush=False)
    show.end()
    session.add(Host(id=person.id, names={"en": "Dr. Example"}))
    session.flush()
    made = Livestream(
        titles={"en": "Sleep"},
        language="en",
        host_id=person.id,
        starts_at=now,
        ends_at=show.clock,
        timezone="UTC",
        local_start="2026-03-10T18:00:00",
        state=LivestreamState.PUBLISHED,
        visibility=Visibility.PUBLIC,
        broadcast_id=show.id,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _ask(session: Session, replay: Livestream, text: str, on_air: int | None) -> None:
    asked = replay.starts_at
    one = Question(
        livestream_id=replay.id,
        text=text,
        state=QuestionState.ANSWERED if on_air is not None else QuestionState.REFUSED,
        edit_fingerprint=text,
        asked_at=asked,
        changed_at=asked,
        shown_at=asked,
        on_air_at=None if on_air is None else asked + timedelta(seconds=on_air),
    )
    session.add(one)
    session.flush()


def test_questions_stand_in_order_with_links_to_their_seconds_and_refused_ones_nowhere(
    client: FlaskClient, session: Session, replay: Livestream
) -> None:
    _ask(session, replay, "May I drink <wine>?", 61)
    _ask(session, replay, "How long does it take?", 5)
    _ask(session, replay, "My own case, please", None)
    text = client.get(f"/livestreams/{replay.id}").text
    found = re.findall(
        r'href="#t=(\d+)" data-second="\1">.*?<time>([\d:]+)</time><span class="vh">: ([^<]+)<',
        text,
    )
    assert found == [
        ("5", "0:05", "How long does it take?"),
        ("61", "1:01", "May I drink &lt;wine&gt;?"),
    ]
    assert "My own case" not in text


def test_a_replay_without_questions_has_no_list_of_them(
    client: FlaskClient, replay: Livestream
) -> None:
    assert "in-step" not in client.get(f"/livestreams/{replay.id}").text

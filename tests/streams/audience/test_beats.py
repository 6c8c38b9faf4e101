"""Beats through the API: who is counted, when, how often, and that nothing about them is kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from catalog.models import Livestream, Topic
from core.clock import utc_now
from core.database import Sessions
from core.limits import LimitCount
from streams.audience.models import AudienceMinute
from streams.audience.queries import minutes_of
from streams.audience.rules.counting import Minute, minute_of, most_beats
from streams.audience.services import count_beat, forget_old
from tests.fakes.hosting import browser_of
from tests.fakes.programme import World
from web import assets
from web.clock import JOBS
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session, now: datetime) -> Iterator[World]:
    """Return people and topics at a time that stands still: a minute does not end in a test."""
    with time_machine.travel(now + timedelta(minutes=30, seconds=20), tick=False):
        yield World(session, now).build()


@pytest.fixture
def live(world: World) -> Livestream:
    made = world.livestream(state="live", broadcast="receiving")
    world.session.commit()
    return made


def beat(client: FlaskClient, livestream: Livestream, token: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(address(livestream, "/beat"), headers=headers).status_code


def address(livestream: Livestream, more: str = "") -> str:
    return f"/api/v1/livestreams/{livestream.id}/audience{more}"


def watched(session: Session, livestream: Livestream, *viewers: int, sample: int = 1) -> None:
    """Let so many watch in the minutes before this one, the newest first."""
    this = minute_of(utc_now())
    session.add_all(
        AudienceMinute(
            livestream_id=livestream.id,
            minute_at=this - timedelta(minutes=ago),
            beats=count // sample,
            sample=sample,
        )
        for ago, count in enumerate(viewers, 1)
    )
    session.commit()


def said(client: FlaskClient, livestream: Livestream) -> tuple[int | str | None, int]:
    state = client.get(address(livestream)).json
    assert state is not None
    return state["viewers"], state["sample"]


def test_strangers_are_counted_without_a_cookie_and_nothing_of_them_is_kept(
    client: FlaskClient, session: Session, live: Livestream
) -> None:
    answer = client.post(address(live, "/beat"))
    assert (answer.status_code, answer.data, answer.headers.getlist("Set-Cookie")) == (204, b"", [])
    assert beat(client, live) == 204
    assert [(one.beats, one.sample) for one in minutes_of(session, livestream_id=live.id)] == [
        (2, 1)
    ]
    (limit,) = session.scalars(select(LimitCount).where(LimitCount.key.startswith("beat:")))
    assert limit.count == 2
    assert "127.0.0.1" not in limit.key


@pytest.mark.parametrize("state", ["scheduled", "ended", "published", "cancelled"])
def test_nothing_is_counted_unless_it_is_live(
    client: FlaskClient, session: Session, live: Livestream, state: str
) -> None:
    live.state = state
    session.commit()
    answer = client.post(address(live, "/beat"))
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (409, "not_live")
    assert minutes_of(session, livestream_id=live.id) == []


def test_a_private_one_is_counted_for_who_may_play_it(
    client: FlaskClient, world: World, session: Session
) -> None:
    private = world.private(state="live", broadcast="receiving")
    session.commit()
    given = {
        name: beat(client, private, world.tokens[name])
        for name in ("employee_a", "host", "employee_b", "hr_b", "viewer")
    }
    assert given == {"employee_a": 204, "host": 204} | dict.fromkeys(
        ("employee_b", "hr_b", "viewer"), 404
    )
    assert beat(client, private) == 404
    assert [one.beats for one in minutes_of(session, livestream_id=private.id)] == [2]


def test_an_employees_browser_needs_the_token_of_its_page(
    app: Site, world: World, session: Session
) -> None:
    private = world.private(state="live", broadcast="receiving")
    session.commit()
    browser = browser_of(app, world, "employee_a")
    page = browser.get(f"/livestreams/{private.id}").text
    token = page.split('data-token="', 1)[1].split('"', 1)[0]
    with_token = browser.post(address(private, "/beat"), headers={"X-CSRFToken": token})
    assert (with_token.status_code, beat(browser, private)) == (204, 400)


def test_a_public_page_carries_no_token(client: FlaskClient, live: Livestream) -> None:
    page = client.get(f"/livestreams/{live.id}").text
    assert ("data-audience" in page, "data-token" in page) == (True, False)


def test_one_client_adds_no_more_than_its_limit(
    client: FlaskClient, session: Session, live: Livestream
) -> None:
    watched(session, live, 64 * 200, sample=64)
    most = most_beats(64)
    statuses = [beat(client, live) for _ in range(most + 3)]
    assert statuses == [204] * most + [429] * 3
    assert minutes_of(session, livestream_id=live.id)[-1].beats == most
    other = client.post(address(live, "/beat"), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 204


@pytest.mark.parametrize(
    ("viewers", "said_of_them"),
    [((9,), "few"), ((12, 90), 10), ((13, 9), 15), ((4_444,), 4_400)],
)
def test_the_state_tells_how_many_watch(
    client: FlaskClient,
    session: Session,
    live: Livestream,
    viewers: tuple[int, ...],
    said_of_them: int | str,
) -> None:
    assert said(client, live) == (None, 1)
    watched(session, live, *viewers)
    assert said(client, live)[0] == said_of_them


def test_the_sample_grows_with_the_audience(
    client: FlaskClient, session: Session, live: Livestream
) -> None:
    watched(session, live, 10_000)
    assert said(client, live) == (10_000, 64)
    assert beat(client, live) == 204
    assert minutes_of(session, livestream_id=live.id)[-1].sample == 64


def test_topics_of_raised_risk_are_counted_out_from_twenty_on(
    client: FlaskClient, session: Session, live: Livestream
) -> None:
    watched(session, live, 19)
    assert said(client, live)[0] == 20
    session.get_one(Topic, "sleep").risk = "raised"
    session.commit()
    assert said(client, live)[0] == "few"


def test_a_figure_is_gone_five_minutes_after_the_last_beat_and_at_the_end(
    client: FlaskClient, session: Session, live: Livestream
) -> None:
    watched(session, live, 0, 0, 0, 0)
    rows = list(session.scalars(select(AudienceMinute)))
    for row in rows:
        session.delete(row)
    old = minute_of(utc_now()) - timedelta(minutes=5)
    session.add(AudienceMinute(livestream_id=live.id, minute_at=old, beats=50, sample=1))
    session.commit()
    assert said(client, live) == (None, 1)
    watched(session, live, 50)
    assert said(client, live)[0] == 50
    live.state = "ended"
    session.commit()
    assert said(client, live) == (None, 1)


def test_the_state_costs_the_same_whatever_was_counted(
    client: FlaskClient, session: Session, live: Livestream, queries: list[str]
) -> None:
    costs = []
    for count in ((), (10,), (10, 20, 30)):
        session.query(AudienceMinute).delete()
        watched(session, live, *count)
        queries.clear()
        answer = client.get(address(live))
        assert answer.headers["Cache-Control"] == "public, max-age=1"
        costs.append(len(queries))
    assert len(set(costs)) == 1


@pytest.fixture
def queries(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield seen
    event.remove(bind, "before_cursor_execute", note)


def test_rivals_are_all_counted(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        made = World(session, now).build().livestream(state="live")
        session.commit()

    def count(_number: int) -> None:
        with sessions() as session:
            count_beat(session, livestream_id=made.id, sample=1, now=now)
            session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    with sessions() as session:
        assert minutes_of(session, livestream_id=made.id) == [Minute(now, 40, 1)]


def test_minutes_go_after_thirteen_months_and_counts_of_addresses_within_the_hour(
    session: Session, now: datetime
) -> None:
    made = World(session, now).build().livestream(state="live")
    for age in (timedelta(days=396), timedelta(days=397)):
        count_beat(session, livestream_id=made.id, sample=1, now=now - age)
    for key in ("beat:a", "sign_in:a"):
        for ago in (5, 15):
            session.add(LimitCount(key=key, starts_at=now - timedelta(minutes=ago), count=1))
    session.flush()
    forget_old(session, now=now)
    left = [minute.minute_at for minute in minutes_of(session, livestream_id=made.id)]
    counts = session.execute(
        select(LimitCount.key, LimitCount.starts_at).order_by(LimitCount.key, LimitCount.starts_at)
    )
    assert left == [now - timedelta(days=396)]
    assert [(key, (now - at).seconds // 60) for key, at in counts] == [
        ("beat:a", 5),
        ("sign_in:a", 15),
        ("sign_in:a", 5),
    ]
    assert "old beats" in [job.name for job in JOBS]

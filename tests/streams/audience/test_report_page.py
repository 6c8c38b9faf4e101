"""The page of the report: who reads it, when there is one, and what stands in it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.models import Recipient, Registration
from catalog.models import Livestream, Topic
from core.clock import utc_now
from media.models import Broadcast
from streams.audience.models import AudienceMinute
from streams.audience.queries import breaks_of
from streams.audience.rules.reports import Breaks
from tests.fakes.hosting import Tags, browser_of
from tests.fakes.programme import World
from tests.fakes.shows import Show
from web import assets
from web.site import Site

pytestmark = pytest.mark.integration

CURVE = (4, 12, 43, 9, 31)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session) -> World:
    now = utc_now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    return World(session, now).build()


@pytest.fixture
def host(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "host")


@pytest.fixture
def ended(world: World) -> Livestream:
    made = world.livestream(state="ended", broadcast="ended")
    end_after(world, made, len(CURVE))
    return made


def end_after(world: World, made: Livestream, minutes: int) -> None:
    made.started_at = made.starts_at
    made.ended_at = made.starts_at + timedelta(minutes=minutes)
    world.session.commit()


def watch(session: Session, livestream: Livestream, *viewers: int) -> None:
    session.add_all(
        AudienceMinute(
            livestream_id=livestream.id,
            minute_at=livestream.starts_at + timedelta(minutes=place),
            beats=count,
            sample=1,
        )
        for place, count in enumerate(viewers)
    )
    session.commit()


def main_of(browser: FlaskClient, livestream: Livestream, language: str = "") -> str:
    answer = browser.get(f"{language}/livestreams/{livestream.id}/report")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    return answer.text.split("<main", 1)[1].split("</main>", 1)[0]


def stats(main: str) -> list[str]:
    parts = main.split('<dl class="stats">')[1].split("</dl>", maxsplit=1)[0].split("<dd>")[1:]
    return [part.split("</dd>")[0] for part in parts]


def table(main: str) -> list[str]:
    cells = main.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0].split('<td class="n">')[1:]
    return [cell.split("</td>")[0] for cell in cells]


FEW = '<span class="suppressed">fewer than 10</span>'


def test_host_reads_the_curve_in_bars_and_in_numbers(
    host: FlaskClient, session: Session, ended: Livestream
) -> None:
    watch(session, ended, *CURVE)
    main = main_of(host, ended)
    assert stats(main) == ["45", "15", "5 minutes", FEW]
    assert table(main) == [FEW, "10", "45", FEW, "30"]
    bars = Tags(main).all("rect")
    assert [bar["height"] for bar in bars] == ["22.2", "22.2", "100.0", "22.2", "66.7"]
    assert [bar.get("class") for bar in bars] == ["few", None, None, "few", None]
    assert "at least 85 minutes" in main


@pytest.mark.parametrize("viewers", [(), (9, 9, 0, 9, 9)], ids=["nobody", "nine"])
def test_of_a_small_group_nothing_is_told(
    host: FlaskClient, session: Session, ended: Livestream, viewers: tuple[int, ...]
) -> None:
    watch(session, ended, *viewers)
    main = main_of(host, ended)
    assert stats(main) == [FEW, FEW, "5 minutes", FEW]
    assert "Fewer than 10 people watched at any time." in main
    assert ("<table" in main, "<rect" in main) == (False, False)


def test_topics_of_raised_risk_need_twenty(
    host: FlaskClient, session: Session, ended: Livestream
) -> None:
    session.get_one(Topic, "sleep").risk = "raised"
    watch(session, ended, *CURVE)
    few = FEW.replace("10", "20")
    assert table(main_of(host, ended)) == [few, few, "45", few, "30"]


@pytest.mark.parametrize("state", ["scheduled", "live"])
def test_nobody_watches_the_figures_change(
    host: FlaskClient, session: Session, ended: Livestream, state: str
) -> None:
    watch(session, ended, *CURVE)
    ended.state, ended.ended_at = state, None
    session.commit()
    main = main_of(host, ended)
    assert ("There is no report yet" in main, "stats" in main) == (True, False)


def test_figures_are_gone_after_thirteen_months(
    host: FlaskClient, session: Session, ended: Livestream
) -> None:
    for moment in ("starts_at", "ends_at", "started_at", "ended_at"):
        setattr(ended, moment, getattr(ended, moment) - timedelta(days=400))
    session.commit()
    main = main_of(host, ended)
    assert ("The figures are gone" in main, "stats" in main) == (True, False)


def test_people_of_the_organisation_read_none(app: Site, world: World, session: Session) -> None:
    private = world.private(state="ended", broadcast="ended")
    end_after(world, private, 5)
    watch(session, private, *CURVE)
    statuses = {
        name: browser_of(app, world, name).get(f"/livestreams/{private.id}/report").status_code
        for name in ("host", "editor", "employee_a", "hr_b", "other_host")
    }
    assert statuses == {
        "host": 200,
        "editor": 200,
        "employee_a": 403,
        "hr_b": 404,
        "other_host": 404,
    }


@pytest.mark.parametrize(("count", "told"), [(9, FEW), (13, "15")])
def test_reminders_are_counted_when_enough_were_asked_for(
    host: FlaskClient, session: Session, ended: Livestream, count: int, told: str
) -> None:
    now = ended.starts_at
    for number in range(count + 2):
        user = User(email=f"{number}@example.org", created_at=now)
        session.add(user)
        session.flush()
        recipient = Recipient(user_id=user.id, created_at=now)
        session.add(recipient)
        session.flush()
        session.add(
            Registration(
                recipient_id=recipient.id,
                subject_kind="livestream",
                subject_id=ended.id,
                asked_at=now,
                confirmed_at=None if number == count else now,
                ended_at=now if number == count + 1 else None,
                updated_at=now,
            )
        )
    session.commit()
    assert stats(main_of(host, ended))[-1] == told


def test_interruptions_are_read_from_what_was_sent(session: Session, world: World) -> None:
    show = Show(session, world.now, "source")
    for number, away in enumerate((0, 15, 5)):
        show.clock += timedelta(seconds=away)
        show.begin_run(number)
        for _second in range(4):
            show.add()
    assert breaks_of(session, broadcast_id=show.id) == Breaks(2, timedelta(seconds=20))
    show.broadcast.opened_at = world.now + timedelta(seconds=19)  # what came before: a rehearsal
    session.flush()
    assert breaks_of(session, broadcast_id=show.id) == Breaks(1, timedelta(seconds=5))
    empty = Broadcast(created_at=world.now, opened_at=world.now)
    session.add(empty)
    session.flush()
    assert breaks_of(session, broadcast_id=empty.id) is None


def test_the_report_is_there_in_chinese(
    host: FlaskClient, session: Session, ended: Livestream
) -> None:
    watch(session, ended, *CURVE)
    main = main_of(host, ended, "/zh")
    assert ("最多同时观看" in main, "少于 10 人" in main) == (True, True)


def test_the_desk_leads_to_the_report_when_it_is_over(
    host: FlaskClient, session: Session, ended: Livestream
) -> None:
    address = f'href="/livestreams/{ended.id}/report"'
    assert address in host.get(f"/livestreams/{ended.id}/desk").text
    ended.state, ended.ended_at = "live", None
    session.commit()
    assert address not in host.get(f"/livestreams/{ended.id}/desk").text

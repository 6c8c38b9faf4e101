"""The form of a livestream: every fault beside its field, and nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.queries import draft_of
from catalog.rules import nearest_times
from core.clock import utc_now
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from web import assets
from web.site import Site

pytestmark = pytest.mark.integration

NEW = "/hosting/new"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session, app: Site) -> World:
    """Return an installation at the real present: pages read the clock."""
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def typed(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- form values
    return {
        "title_en": "Sleep well",
        "title_zh": "好好睡觉",
        "topics": ["anxiety", "sleep"],
        "language": "en",
        "date": "2099-01-05",
        "time": "19:30",
        "timezone": "Europe/Berlin",
        "minutes": "45",
        "visibility": "public",
        "replay_policy": "at_end",
        "auto_start": "y",
        **changes,
    }


def count(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(Livestream)) or 0


def test_a_form_becomes_a_draft_of_the_host(app: Site, world: World) -> None:
    answer = send(browser_of(app, world, "host"), NEW, NEW, **typed(host="otherhost"))
    made = world.session.scalars(select(Livestream)).one()
    assert (answer.status_code, answer.location) == (303, f"/livestreams/{made.id}/desk")
    draft = draft_of(world.session, made)
    assert (made.state, draft.host_id, draft.titles) == (
        "draft",
        "host",  # a host names nobody else
        {"en": "Sleep well", "zh-Hans": "好好睡觉"},
    )
    assert draft.starts_at.isoformat() == "2099-01-05T18:30:00+00:00"
    assert draft.ends_at - draft.starts_at == timedelta(minutes=45)
    assert (draft.timezone, made.local_start) == ("Europe/Berlin", "2099-01-05T19:30:00")
    assert (draft.replay_policy, draft.auto_start, draft.visibility) == ("at_end", True, "public")
    assert set(draft.topics) == {"anxiety", "sleep"}


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(app: Site, world: World) -> None:
    wrong = typed(
        title_en="", title_zh="", topics=[], time="19:32", minutes="7", description_en="A"
    )
    answer = send(browser_of(app, world, "host"), NEW, NEW, **wrong)
    page = Tags(answer.text)
    assert (answer.status_code, count(world)) == (422, 0)
    invalid = [one for one in page.all("input") if one.get("aria-invalid") == "true"]
    assert [one["name"] for one in invalid] == ["title_en", "time", "minutes"]
    ids = {attributes.get("id") for _tag, attributes in page.tags}
    assert {str(one["aria-describedby"]).split()[0] for one in invalid} <= ids
    links = [str(one["href"]) for one in page.all("a") if str(one.get("href")).startswith("#")]
    summary = [link for link in links if link != "#main"]
    assert summary == ["#title_en", "#topics", "#time", "#minutes"]
    assert {link[1:] for link in summary} <= ids
    values = page.values()
    assert {name: values[name] for name in ("time", "minutes", "timezone")} == {
        "time": "19:32",
        "minutes": "7",
        "timezone": "Europe/Berlin",
    }
    assert ">\nA</textarea>" in answer.text
    # the two nearest times, as the clock on the wall shows them there
    assert "for example 19:30 or 19:35." in answer.text
    assert "for example 5 or 10." in answer.text


def test_faults_are_told_in_chinese(app: Site, world: World) -> None:
    browser = browser_of(app, world, "host")
    answer = send(browser, f"/zh{NEW}", f"/zh{NEW}", **typed(title_en="", title_zh="", date="?"))
    assert "有 2 处需要修改" in answer.text
    assert "请至少用一种语言写标题。" in answer.text
    assert "请选择日期" in answer.text


def test_a_time_that_comes_twice_is_asked_about(app: Site, world: World) -> None:
    browser = browser_of(app, world, "host")
    night = typed(date="2098-10-26", time="02:30")
    first = send(browser, NEW, NEW, **night)
    radios = [one["value"] for one in Tags(first.text).all("input") if one.get("name") == "fold"]
    assert (first.status_code, radios) == (422, ["0", "1"])
    assert send(browser, NEW, NEW, **night, fold="1").status_code == 303
    made = world.session.scalars(select(Livestream)).one()
    assert made.starts_at.isoformat() == "2098-10-26T01:30:00+00:00"


def test_an_editor_makes_one_for_a_host_and_an_organisation(app: Site, world: World) -> None:
    private = typed(host="otherhost", visibility="organisation", organisation="companyb")
    assert send(browser_of(app, world, "editor"), NEW, NEW, **private).status_code == 303
    made = world.session.scalars(select(Livestream)).one()
    assert (made.host_id, made.organisation_id) == ("otherhost", "companyb")


def test_an_audience_without_its_organisation_is_told_beside_it(app: Site, world: World) -> None:
    browser = browser_of(app, world, "editor")
    answer = send(browser, NEW, NEW, **typed(host="host", visibility="organisation"))
    broken = [one["name"] for one in Tags(answer.text).all("select") if "aria-invalid" in one]
    assert (answer.status_code, broken) == (422, ["organisation"])


def test_a_host_edits_words_of_what_is_scheduled_and_nothing_else(app: Site, world: World) -> None:
    made = world.livestream(state="scheduled")
    world.session.commit()
    address = f"/hosting/{made.id}/edit"
    before = draft_of(world.session, made)
    browser = browser_of(app, world, "host")
    page = Tags(browser.get(address).text)
    closed = {one["name"] for one in page.all("input") if "disabled" in one}
    assert closed == {"topics", "date", "time", "timezone", "minutes", "scope"}
    changed = typed(date="2099-02-02", topics=["anxiety"], title_zh="", replay_policy="at_end")
    assert send(browser, address, address, **changed).status_code == 303
    world.session.expire_all()
    after = draft_of(world.session, world.session.get_one(Livestream, made.id))
    assert (after.titles, after.replay_policy) == ({"en": "Sleep well"}, "at_end")
    assert (after.starts_at, after.topics) == (before.starts_at, before.topics)


def test_what_was_called_off_is_not_edited(app: Site, world: World) -> None:
    made = world.livestream(state="cancelled")
    world.session.commit()
    address = f"/hosting/{made.id}/edit"
    assert browser_of(app, world, "host").get(address).status_code == 409


def test_a_form_without_its_token_is_refused(app: Site, world: World) -> None:
    browser = browser_of(app, world, "host")
    assert browser.post(NEW, data=typed()).status_code == 400
    assert count(world) == 0

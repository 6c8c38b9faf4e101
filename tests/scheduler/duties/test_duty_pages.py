from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User
from accounts.services import issue_token
from core.clock import utc_now
from scheduler.models import Duty
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session) -> World:
    made = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    for name in ("mina", "mo"):
        moderator(made, name)
        made.tokens[name] = issue_token(
            session, user=session.get_one(User, name), name=name, now=made.now
        )
    return made


def bearer(world: World, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}


def test_editor_assigns_and_moderator_declines_with_a_reason(app: Site, world: World) -> None:
    livestream = planned(world, 5)
    page = f"/administration/rota/{livestream.id}"
    done = send(browser_of(app, world, "editor"), page, page, moderator="mina")
    assert (done.status_code, done.location) == (303, f"{page}?done=assigned")
    duty = world.session.scalars(select(Duty)).one()
    browser = browser_of(app, world, "mina")
    assert "When the 3 a.m. thoughts arrive" in browser.get("/duties").text
    refused = send(browser, f"/duties/{duty.id}/decline", "/duties", reason="")
    assert (refused.status_code, f'id="reason-{duty.id}-error"' in refused.text) == (422, True)
    told = send(browser, f"/duties/{duty.id}/decline", "/duties", reason="Night shift")
    assert told.status_code == 303
    assert "Night shift" in browser_of(app, world, "editor").get(page).text
    acts = world.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("duty.%")))
    assert sorted(acts) == ["duty.assign", "duty.decline"]


def test_a_taken_moderator_is_refused_with_the_others_beside(app: Site, world: World) -> None:
    on_duty(world, planned(world, 5, host="otherhost"), "mina")
    livestream = planned(world, 5)
    page = f"/administration/rota/{livestream.id}"
    told = send(browser_of(app, world, "editor"), page, page, moderator="mina")
    assert told.status_code == 409
    assert 'role="alert"' in told.text
    assert 'value="mo" checked' in told.text


def test_api_names_free_moderators_when_one_is_taken(client: FlaskClient, world: World) -> None:
    on_duty(world, planned(world, 5, host="otherhost"), "mina")
    livestream = planned(world, 5)
    told = client.post(
        f"/api/v1/livestreams/{livestream.id}/duties",
        json={"moderator": "mina"},
        headers=bearer(world, "editor"),
    )
    assert (told.status_code, told.get_json()["code"]) == (409, "taken")
    assert [one["moderator"] for one in told.get_json()["alternatives"]] == ["mo"]


def test_api_shows_a_moderator_their_own_duties_alone(client: FlaskClient, world: World) -> None:
    mine = on_duty(world, planned(world, 5), "mina")
    other = on_duty(world, planned(world, 9), "mo")
    found = {
        name: {
            item["id"]
            for item in client.get("/api/v1/duties", headers=bearer(world, name)).get_json()[
                "items"
            ]
        }
        for name in ("mina", "mo", "editor", "viewer")
    }
    assert found == {
        "mina": {mine.id},
        "mo": {other.id},
        "editor": {mine.id, other.id},
        "viewer": set(),
    }
    answers = [
        client.post(f"/api/v1/duties/{other.id}/accept", headers=bearer(world, name)).status_code
        for name in ("mina", "editor", "mo", "mo")
    ]
    assert answers == [404, 403, 200, 409]


def test_board_page_offers_times_for_a_clash(app: Site, world: World) -> None:
    planned(world, 5, titles={"en": "Grief & loss"})
    planned(world, 5.5, state="proposed", reserved=False)
    day = (world.now + timedelta(hours=5)).date()
    text = browser_of(app, world, "editor").get(f"/administration/board?date={day}").text
    assert "“Grief &amp; loss”" in text
    assert "keeps 15 minutes free around it" in text
    assert text.count('name="choice"') == 3

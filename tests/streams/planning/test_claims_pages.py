"""Pages on which hosts see, claim and hand back slots."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from catalog.rules import nearest_times
from core.clock import utc_now
from scheduler.models import Reservation, Slot
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from tests.fakes.slots import offered
from web.site import Site

pytestmark = pytest.mark.integration

LIST = "/hosting/slots"
AGREED = {"no_interest": "y", "recorded": "y", "replay_policy": "after_release"}


@pytest.fixture
def world(session: Session, app: Site) -> World:
    del app
    made = World(session, nearest_times(utc_now())[0]).build()
    session.commit()
    return made


def claim_page(slot: Slot) -> str:
    return f"{LIST}/{slot.id}/claim"


def standing(world: World) -> list[tuple[str, str]]:
    rows = select(Reservation.kind, Reservation.state).where(Reservation.state != "released")
    return [(row[0], row[1]) for row in world.session.execute(rows)]


def test_opening_the_form_holds_the_slot_and_others_see_it(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    mine, theirs = browser_of(app, world, "host"), browser_of(app, world, "other_host")
    page = mine.get(claim_page(slot))
    assert (page.status_code, "Held for you until" in page.text) == (200, True)
    assert 'value="Sleeping again"' in page.text
    assert standing(world) == [("slot", "held")]
    assert "Somebody is filling in the form" in theirs.get(LIST).text
    assert "Go on with the form" in mine.get(LIST).text
    refused = theirs.get(claim_page(slot))
    assert (refused.status_code, "Another host is filling in" in refused.text) == (409, True)
    mine.get(claim_page(slot))  # opened again, it stays the same hold
    assert standing(world) == [("slot", "held")]


def test_a_sent_form_becomes_a_scheduled_livestream(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    browser = browser_of(app, world, "host")
    page = claim_page(slot)
    answer = send(browser, page, page, title_en="Awake at three", **AGREED)
    made = world.session.scalars(select(Livestream)).one()
    assert (answer.status_code, answer.location) == (303, f"/livestreams/{made.id}/desk")
    assert (made.state, made.titles, made.host_id) == (
        "scheduled",
        {"en": "Awake at three"},
        "host",
    )
    assert standing(world) == [("livestream", "confirmed")]
    assert "Claimed by you" in browser.get(LIST).text


def test_a_form_that_is_sent_twice_leads_to_the_desk(app: Site, world: World) -> None:
    slot, other = offered(world), offered(world)
    world.session.commit()
    browser, page = browser_of(app, world, "host"), claim_page(slot)
    first = send(browser, page, page, **AGREED)
    again = send(browser, page, "/hosting/new", **AGREED)
    assert (again.status_code, again.location) == (303, first.location)
    assert browser.get(page).location == first.location
    assert browser.get(claim_page(other)).status_code == 409


def test_what_is_not_confirmed_is_told_beside_it_and_what_was_typed_stays(
    app: Site, world: World
) -> None:
    slot = offered(world)
    world.session.commit()
    page = claim_page(slot)
    answer = send(browser_of(app, world, "host"), page, page, title_en="Awake at three")
    errors = {one["id"] for one in Tags(answer.text).all("p") if "field__error" in str(one)}
    assert (answer.status_code, errors) == (422, {"no_interest-error", "recorded-error"})
    assert 'value="Awake at three"' in answer.text
    assert standing(world) == [("slot", "held")]


def test_a_declared_interest_needs_no_denial(app: Site, world: World) -> None:
    slot = offered(world)
    interests = {"en": "Paid talks for a maker of sleep lamps"}
    world.session.execute(update(Host).where(Host.id == "host").values(interests=interests))
    world.session.commit()
    page, browser = claim_page(slot), browser_of(app, world, "host")
    assert "Paid talks" in browser.get(page).text
    assert send(browser, page, page, recorded="y").status_code == 303


def test_a_lost_hold_names_other_slots_and_keeps_the_words(app: Site, world: World) -> None:
    slot, other = (
        offered(world),
        offered(
            world,
            starts_at=world.now + timedelta(days=4),
            ends_at=world.now + timedelta(days=4, minutes=45),
        ),
    )
    world.session.commit()
    mine, theirs = browser_of(app, world, "host"), browser_of(app, world, "other_host")
    page = claim_page(slot)
    mine.get(page)
    over = utc_now() - timedelta(minutes=1)
    world.session.execute(update(Reservation).values(expires_at=over))
    world.session.commit()
    assert send(theirs, page, page, **AGREED).status_code == 303
    lost = send(mine, page, claim_page(other), title_en="Kept words", **AGREED)
    assert (lost.status_code, "Kept words" in lost.text) == (409, True)
    buttons = [one for one in Tags(lost.text).all("button") if one.get("name") == "look"]
    assert [one["formaction"] for one in buttons] == [claim_page(other)]
    kept = send(mine, claim_page(other), claim_page(other), title_en="Kept words", look="1")
    assert (kept.status_code, 'value="Kept words"' in kept.text) == (200, True)
    assert world.session.scalars(select(Livestream.host_id)).all() == ["otherhost"]


def test_an_expired_hold_on_a_free_slot_is_taken_again(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    browser, page = browser_of(app, world, "host"), claim_page(slot)
    browser.get(page)
    over = utc_now() - timedelta(minutes=1)
    world.session.execute(update(Reservation).values(expires_at=over))
    world.session.commit()
    assert send(browser, page, page, **AGREED).status_code == 303


def test_giving_up_the_hold_frees_the_slot_at_once(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    browser, page = browser_of(app, world, "host"), claim_page(slot)
    browser.get(page)
    answer = send(browser, f"{LIST}/{slot.id}/give-up", page)
    assert (answer.status_code, answer.location) == (303, f"{LIST}?said=given-up")
    assert browser_of(app, world, "other_host").get(page).status_code == 200


def test_a_clash_is_explained_with_times_that_are_free(app: Site, world: World) -> None:
    first = offered(world)
    start = first.ends_at + timedelta(minutes=15)  # touches, but leaves no quarter before it
    offered(world, starts_at=start, ends_at=start + timedelta(minutes=45))
    later = world.now + timedelta(days=5)
    free = offered(world, starts_at=later, ends_at=later + timedelta(minutes=45))
    world.session.commit()
    browser, page = browser_of(app, world, "host"), claim_page(first)
    send(browser, page, page, title_en="Awake at three", **AGREED)
    text = browser.get(LIST).text
    assert "You have “Awake at three” then" in text
    instead = text[text.index("These are free:") :]
    assert claim_page(free) in instead


def test_handing_back_cancels_and_opens_again(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.commit()
    browser, page = browser_of(app, world, "host"), claim_page(slot)
    send(browser, page, page, **AGREED)
    answer = send(browser, f"{LIST}/{slot.id}/hand-back", LIST)
    assert (answer.status_code, answer.location) == (303, f"{LIST}?said=handed-back")
    world.session.expire_all()
    assert (slot.state, slot.livestream_id) == ("open", None)
    assert world.session.scalars(select(Livestream.state)).all() == ["cancelled"]
    assert standing(world) == []


def test_nothing_open_leads_to_a_proposal(app: Site, world: World) -> None:
    text = browser_of(app, world, "host").get(LIST).text
    assert "No open slots" in text
    assert "/hosting/new" in [one.get("href") for one in Tags(text).all("a")]


def test_without_a_verified_licence_the_list_says_why(app: Site, world: World) -> None:
    slot = offered(world)
    world.session.execute(update(Host).values(verified_until=None))
    world.session.commit()
    browser = browser_of(app, world, "host")
    assert "so you cannot claim a time" in browser.get(LIST).text
    assert browser.get(claim_page(slot)).status_code == 403
    assert standing(world) == []

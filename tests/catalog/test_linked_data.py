"""What search engines are told: nothing private, nothing that is not so."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog import linked_data, queries
from catalog.queries import LivestreamView
from tests.fakes.programme import World

pytestmark = pytest.mark.integration
SITE = "https://talks.example"


@pytest.fixture
def view(session: Session, now: datetime) -> LivestreamView:
    world = World(session, now).build()
    made = world.livestream(state="scheduled")
    found = queries.livestream_view(session, livestream_id=made.id)
    assert found is not None
    return replace(found, id="abc")


def told(view: LivestreamView, language: str = "en") -> dict[str, Any] | None:
    return linked_data.livestream_data(view, site=SITE, language=language)


def test_a_livestream_that_comes_is_an_event(view: LivestreamView) -> None:
    assert told(view, "zh-Hans") == {
        "@type": "Event",
        "@id": f"{SITE}/zh/livestreams/abc",
        "name": "凌晨三点",
        "description": "What helps at night.",
        "url": f"{SITE}/zh/livestreams/abc",
        "startDate": "2026-03-10T19:00:00.000Z",
        "endDate": "2026-03-10T20:00:00.000Z",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": f"{SITE}/zh/livestreams/abc"},
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "performer": {"@type": "Person", "@id": f"{SITE}/zh/hosts/host", "name": "host 医生"},
        "organizer": {"@type": "Organization", "name": "Mindcast", "url": f"{SITE}/"},
    }


def test_one_on_air_is_a_broadcast_and_one_called_off_says_so(view: LivestreamView) -> None:
    live = told(replace(view, state="live")) or {}
    cancelled = told(replace(view, state="cancelled")) or {}
    assert (live["@type"], live["isLiveBroadcast"]) == ("BroadcastEvent", True)
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_replay_tells_its_length_and_the_picture_only_when_there_is_one(
    view: LivestreamView,
) -> None:
    began = view.starts_at
    over = replace(
        view, state="published", started_at=began, ended_at=began + timedelta(minutes=61, seconds=5)
    )
    plain = told(over) or {}
    key = f"broadcasts/{view.broadcast_id}/assets/poster.jpg"
    pictured = told(replace(over, poster_key=key)) or {}
    assert (plain["@type"], plain["duration"]) == ("VideoObject", "PT1H1M5S")
    assert "thumbnailUrl" not in plain
    assert pictured["thumbnailUrl"] == f"{SITE}/media/{view.broadcast_id}/assets/poster.jpg"


@pytest.mark.parametrize("state", ["scheduled", "live", "published"])
def test_nothing_is_told_of_what_is_private(view: LivestreamView, state: str) -> None:
    assert told(replace(view, state=state)) is not None
    assert told(replace(view, state=state, visibility="organisation")) is None


@pytest.mark.parametrize("state", ["draft", "proposed", "ended", "missed"])
def test_nothing_is_told_of_what_nobody_can_watch(view: LivestreamView, state: str) -> None:
    assert told(replace(view, state=state)) is None


def test_an_example_is_told_to_be_made_up(view: LivestreamView) -> None:
    host = replace(view.host, is_example=True)
    data = linked_data.host_data(host, site=SITE, language="en")
    assert data["disambiguatingDescription"] == "Example: made up for a demonstration"

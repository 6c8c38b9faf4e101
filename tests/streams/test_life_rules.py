"""Every event in every pair of states: permitted as written here, or refused."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from media.enums import BroadcastState as B
from streams.life import rules
from streams.life.rules import Event, Pair

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)

PERMITTED = """
propose: draft idle > proposed idle
propose: draft ended > proposed ended
return: proposed idle > draft idle
return: proposed ended > draft ended
schedule: draft idle > scheduled idle
schedule: proposed idle > scheduled idle
schedule: draft ended > scheduled ended
schedule: proposed ended > scheduled ended
cancel: draft idle > cancelled idle
cancel: proposed idle > cancelled idle
cancel: scheduled idle > cancelled idle
cancel: scheduled receiving > cancelled receiving
cancel: draft ended > cancelled ended
cancel: proposed ended > cancelled ended
cancel: scheduled ended > cancelled ended
start: scheduled idle > live idle
start: scheduled receiving > live receiving
start: scheduled ended > live ended
restore: cancelled idle > scheduled idle
restore: cancelled ended > scheduled idle
encoder_arrived: scheduled idle > scheduled receiving
encoder_arrived: scheduled receiving > scheduled receiving
encoder_arrived: live idle > live receiving
encoder_arrived: live interrupted > live receiving
encoder_arrived: live receiving > live receiving
encoder_arrived_and_start: scheduled idle > live receiving
encoder_arrived_and_start: scheduled receiving > live receiving
encoder_left: scheduled receiving > scheduled idle
encoder_left: live receiving > live interrupted
end: live idle > ended idle
end: live receiving > ended receiving
end: live interrupted > ended interrupted
end: live ended > ended ended
window_closed: live interrupted > ended interrupted
drained: ended idle > ended ended
drained: ended receiving > ended ended
drained: ended interrupted > ended ended
drained: published idle > published ended
drained: published receiving > published ended
drained: published interrupted > published ended
drained: cancelled idle > cancelled ended
drained: cancelled receiving > cancelled ended
drained: cancelled interrupted > cancelled ended
publish: ended idle > published idle
publish: ended receiving > published receiving
publish: ended interrupted > published interrupted
publish: ended ended > published ended
withhold: published idle > ended idle
withhold: published receiving > ended receiving
withhold: published interrupted > ended interrupted
withhold: published ended > ended ended
miss: scheduled idle > missed idle
miss: scheduled ended > missed ended
imported: draft idle > ended ended
imported: proposed idle > ended ended
imported: scheduled idle > ended ended
imported: missed idle > ended ended
imported: draft ended > ended ended
imported: proposed ended > ended ended
imported: scheduled ended > ended ended
imported: missed ended > ended ended
held: draft idle > draft ended
held: draft ended > draft ended
held: proposed idle > proposed ended
held: proposed ended > proposed ended
held: scheduled idle > scheduled ended
held: scheduled ended > scheduled ended
skipped: draft ended > ended ended
skipped: proposed ended > ended ended
skipped: scheduled ended > ended ended
skipped: missed ended > ended ended
taken_back: draft ended > draft idle
taken_back: proposed ended > proposed idle
taken_back: scheduled ended > scheduled idle
taken_back: missed ended > missed idle
"""


def _pair(text: str) -> Pair:
    livestream, broadcast = text.split()
    return L(livestream), B(broadcast)


def _permitted() -> dict[tuple[Event, Pair], Pair]:
    table = {}
    for line in PERMITTED.strip().splitlines():
        event, _, move = line.partition(": ")
        old, _, new = move.partition(" > ")
        table[Event(event), _pair(old)] = _pair(new)
    return table


def test_next_move_for_every_event_and_pair() -> None:
    table = _permitted()
    everything = [(event, (state, broadcast)) for event in Event for state in L for broadcast in B]
    found = {
        (event, pair): move.new
        for event, pair in everything
        if (move := rules.next_move(event, pair, ReplayPolicy.AFTER_RELEASE)) is not None
    }
    assert len(everything) == 19 * 8 * 4
    assert found == table


@pytest.mark.parametrize("event", [Event.END, Event.WINDOW_CLOSED])
def test_next_move_publishes_at_the_end_when_no_release_is_needed(event: Event) -> None:
    move = rules.next_move(event, (L.LIVE, B.INTERRUPTED), ReplayPolicy.AT_END)
    assert move == rules.Move((L.LIVE, B.INTERRUPTED), (L.PUBLISHED, B.INTERRUPTED))


def test_uploaded_talk_waits_for_its_release_whatever_the_policy() -> None:
    move = rules.next_move(Event.IMPORTED, (L.SCHEDULED, B.IDLE), ReplayPolicy.AT_END)
    assert move == rules.Move((L.SCHEDULED, B.IDLE), (L.ENDED, B.ENDED))


@pytest.mark.parametrize(
    ("event", "announced_at", "started_at", "editor"),
    [
        (Event.SCHEDULE, None, None, True),
        (Event.PUBLISH, None, None, True),
        (Event.PUBLISH, NOW, None, False),
        (Event.PUBLISH, None, NOW, False),
        (Event.PROPOSE, None, None, False),
    ],
)
def test_first_release_of_what_was_never_announced_needs_an_editor(
    event: Event, announced_at: datetime | None, started_at: datetime | None, *, editor: bool
) -> None:
    needed = rules.needs_editor(event, announced_at=announced_at, started_at=started_at)
    assert needed is editor


@pytest.mark.parametrize(
    ("pair", "auto_start", "event"),
    [
        ((L.SCHEDULED, B.IDLE), True, Event.ENCODER_ARRIVED_AND_START),
        ((L.SCHEDULED, B.IDLE), False, Event.ENCODER_ARRIVED),
        ((L.SCHEDULED, B.RECEIVING), True, Event.ENCODER_ARRIVED),
        ((L.LIVE, B.INTERRUPTED), True, Event.ENCODER_ARRIVED),
    ],
)
def test_arrival(pair: rules.Pair, event: Event, *, auto_start: bool) -> None:
    assert rules.arrival(pair, auto_start=auto_start) is event


def test_overrun_and_no_show_begin_after_half_an_hour() -> None:
    late, nearly = NOW + timedelta(minutes=30), NOW + timedelta(minutes=29, seconds=59)
    scheduled, rehearsing = (L.SCHEDULED, B.IDLE), (L.SCHEDULED, B.RECEIVING)
    assert rules.is_overrun(state=L.LIVE, ends_at=NOW, now=late)
    assert not rules.is_overrun(state=L.LIVE, ends_at=NOW, now=nearly)
    assert not rules.is_overrun(state=L.ENDED, ends_at=NOW, now=late)
    assert rules.is_missed(scheduled, starts_at=NOW, now=late)
    assert not rules.is_missed(scheduled, starts_at=NOW, now=nearly)
    assert not rules.is_missed(rehearsing, starts_at=NOW, now=late)

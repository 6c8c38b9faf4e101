"""Entries for one person, as RFC 5546 asks for them and as two readers find them."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import available_timezones

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.enums import LivestreamState
from catalog.feeds.events import Event
from catalog.feeds.invitations import Method, invitation, personal_calendar, programme
from catalog.feeds.wording import Role, wording_for
from core.words import LANGUAGES
from tests.fakes.calendar_client import read_both

pytestmark = pytest.mark.unit

SITE = "https://mindcast.example:8443"
SENDER = "mindcast@mindcast.example"
READER = "somebody@example.org"
START = datetime(2027, 3, 30, 18, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ONE = Event("abc", START, START + timedelta(minutes=45), "Europe/Berlin", "scheduled", 2, NOW)
ENGLISH = wording_for(SITE, "en", "viewer")
ZONES = sorted(available_timezones())


def entry(text: str) -> icalendar.Component:
    (found,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return found


def written(event: Event = ONE, method: Method = Method.REQUEST, attendee: str = READER) -> str:
    return invitation(event, method=method, organizer=SENDER, attendee=attendee, wording=ENGLISH)


@pytest.mark.parametrize(
    ("method", "state", "status", "people"),
    [
        (Method.REQUEST, "scheduled", "CONFIRMED", {"ORGANIZER", "ATTENDEE"}),
        (Method.REQUEST, "proposed", "TENTATIVE", {"ORGANIZER", "ATTENDEE"}),
        (Method.CANCEL, "cancelled", "CANCELLED", {"ORGANIZER", "ATTENDEE"}),
        (Method.CANCEL, "scheduled", "CANCELLED", {"ORGANIZER", "ATTENDEE"}),  # for one person
        (Method.PUBLISH, "scheduled", "CONFIRMED", {"ORGANIZER"}),
        (Method.PUBLISH, "cancelled", "CANCELLED", {"ORGANIZER"}),
    ],
)
def test_a_method_carries_what_itip_asks_for(
    method: Method, state: str, status: str, people: set[str]
) -> None:
    text = written(ONE._replace(state=state), method)
    found = entry(text)
    assert f"\r\nMETHOD:{method}\r\n" in text
    assert str(found["status"]) == status
    assert {name for name in ("ORGANIZER", "ATTENDEE") if name in found} == people
    assert "VALARM" not in text


def test_the_attendee_is_the_reader_who_has_agreed_already() -> None:
    found = entry(written())["attendee"]
    assert (str(found), dict(found.params)) == (
        f"mailto:{READER}",
        {
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT",
            "PARTSTAT": "ACCEPTED",
            "RSVP": "FALSE",
        },
    )


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_a_message_to_one_person_names_them(method: Method) -> None:
    with pytest.raises(ValueError, match=f"a {method} names its attendee"):
        written(method=method, attendee="")


@pytest.mark.parametrize(
    ("address", "in_text"),
    [
        ("a+b.c'd@example.org", "mailto:a+b.c'd@example.org"),
        ("a@example.org\r\nSUMMARY:x", "mailto:a@example.org%0D%0ASUMMARY%3Ax"),
        ('"a;b,c:d"@example.org', "mailto:%22a%3Bb%2Cc%3Ad%22@example.org"),
        ("王@例子.cn", "mailto:%E7%8E%8B@%E4%BE%8B%E5%AD%90.cn"),
    ],
)
def test_an_address_cannot_leave_its_line(address: str, in_text: str) -> None:
    found = entry(written(attendee=address))
    assert str(found["attendee"]) == in_text
    assert str(found["summary"]) == "Mindcast livestream"


def test_host_and_moderator_are_busy_and_a_viewer_is_not() -> None:
    found = {}
    for role in get_args(Role):
        for state in ("scheduled", "cancelled"):
            text = programme([ONE._replace(state=state)], wording=wording_for(SITE, "en", role))
            one = entry(text)
            found[role, state] = (
                str(one["class"]),
                str(one["transp"]),
                str(one["x-microsoft-cdo-busystatus"]),
            )
    busy, free = ("PRIVATE", "OPAQUE", "BUSY"), ("PRIVATE", "TRANSPARENT", "FREE")
    assert found == {
        ("viewer", "scheduled"): free,
        ("viewer", "cancelled"): free,
        ("host", "scheduled"): busy,
        ("host", "cancelled"): free,
        ("moderator", "scheduled"): busy,
        ("moderator", "cancelled"): free,
    }


def test_an_identifier_stays_whatever_becomes_of_the_entry() -> None:
    duty = ONE._replace(duty_id="duty")
    changed = ONE._replace(timezone="Asia/Tokyo", state="cancelled", sequence=9, title="x")
    texts = [written(), written(changed), written(changed, Method.CANCEL), written(duty)]
    assert [str(entry(text)["uid"]) for text in texts] == [
        *["abc@mindcast"] * 3,
        "duty@mindcast",
    ]


def test_a_page_is_named_in_the_language_of_its_reader() -> None:
    pages = {
        (role, language): wording_for(SITE, language, role).pages
        for role in get_args(Role)
        for language in LANGUAGES
    }
    assert pages == {
        (role, language): f"{SITE}{prefix}/livestreams/"
        for role in get_args(Role)
        for language, prefix in (("en", ""), ("zh-Hans", "/zh"))
    }


def test_nothing_tells_a_topic_or_a_part_unless_titles_are_asked_for() -> None:
    summaries = {
        str(
            entry(
                invitation(
                    ONE,
                    method=Method.REQUEST,
                    organizer=SENDER,
                    attendee=READER,
                    wording=wording_for(SITE, language, role),
                )
            )["summary"]
        )
        for role in get_args(Role)
        for language in LANGUAGES
    }
    assert summaries == {"Mindcast livestream", "Mindcast 直播"}
    assert str(entry(written(ONE._replace(title="Sleep")))["summary"]) == "Sleep"


MOMENTS = st.integers(0, 4 * 365 * 288).map(
    lambda steps: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=5) * steps
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(MOMENTS, st.sampled_from(ZONES), st.text(max_size=90)), max_size=4),
    st.sampled_from([state.value for state in LivestreamState]),
    st.sampled_from(get_args(Role)),
)
def test_both_readers_find_the_same_in_whatever_is_written(
    starts: list[tuple[datetime, str, str]], state: str, role: Role
) -> None:
    events = [
        Event(f"id{place}", at, at + timedelta(minutes=50), zone, state, place, NOW, title=title)
        for place, (at, zone, title) in enumerate(starts)
    ]
    wording = wording_for(SITE, "zh-Hans", role)
    for text in (
        programme(events, wording=wording, organizer=SENDER),
        personal_calendar([(event, wording) for event in events], about=wording),
    ):
        _method, found = read_both(text)
        assert {name: read.kept.moment for name, read in found.items()} == {
            event.id: event.starts_at for event in events
        }
        assert max(map(len, text.encode().split(b"\r\n"))) <= 75


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_title_begins_no_line_of_its_own(end: str) -> None:
    """Some readers end lines where :meth:`str.splitlines` does."""
    text = written(ONE._replace(title=f"Sleep{end}ATTENDEE:mailto:mallory@example.org"))
    lines = text.replace("\r\n ", "").splitlines()
    assert [line for line in lines if line.startswith("ATTENDEE")] == [
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{READER}"
    ]


def test_a_uid_outlives_the_address_of_the_site() -> None:
    """A site that gets its name later, or another one, speaks of the same entries."""
    hosts = {
        wording_for(site, "en", "viewer").host
        for site in ("http://localhost:8000", "https://a.example")
    }
    assert hosts == {"mindcast"}

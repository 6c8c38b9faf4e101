"""Whole texts, octet by octet, beside the documented reason of each line (golden/README.md)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.feeds.events import Event, calendar
from catalog.feeds.invitations import Method, invitation, personal_calendar, programme
from catalog.feeds.wording import wording_for

pytestmark = pytest.mark.unit

GOLDEN = Path(__file__).parent / "golden"
SITE = "https://mindcast.example"
SENDER = "mindcast@mindcast.example"
READER = "wang+notices@example.org"
SUMMER = datetime(2027, 3, 30, 18, 0, tzinfo=UTC)
"""20:00 in Berlin, two days after clocks went forward."""
CHANGED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LASTS = timedelta(minutes=45)

IN_BERLIN = Event(
    "0a1b2c3d4e5f6g7h", SUMMER, SUMMER + LASTS, "Europe/Berlin", "scheduled", 2, CHANGED
)
IN_SHANGHAI = IN_BERLIN._replace(
    id="7h6g5f4e3d2c1b0a",
    timezone="Asia/Shanghai",
    sequence=0,
    title="失眠、焦虑;夜里三点\\怎么办",
)
TWICE = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
"""The second 02:30 of that night in Berlin."""


def text_of(name: str) -> str:
    """Return the text that a golden file holds."""
    viewer, host = (wording_for(SITE, "en", role) for role in ("viewer", "host"))
    chinese, duty = (wording_for(SITE, "zh-Hans", role) for role in ("viewer", "moderator"))
    match name:
        case "request.ics":
            return invitation(
                IN_BERLIN,
                method=Method.REQUEST,
                organizer=SENDER,
                attendee=READER,
                wording=viewer,
            )
        case "cancel.ics":
            return invitation(
                IN_BERLIN._replace(sequence=3),
                method=Method.CANCEL,
                organizer=SENDER,
                attendee=READER,
                wording=host,
            )
        case "programme.ics":
            second = IN_BERLIN._replace(
                id="second0second000", starts_at=TWICE, ends_at=TWICE + LASTS, sequence=0
            )
            return programme([IN_BERLIN, second], wording=host, organizer=SENDER)
        case "my_calendar.ics":
            moderated = IN_BERLIN._replace(duty_id="duty0duty0duty00")
            gone = IN_SHANGHAI._replace(id="gone0gone0gone00", state="cancelled", sequence=1)
            return personal_calendar(
                [(moderated, duty), (IN_SHANGHAI, chinese), (gone, chinese)], about=chinese
            )
        case _:
            return calendar([IN_BERLIN._replace(wants_host=True)], viewer)


@pytest.mark.parametrize(
    "name", ["request.ics", "cancel.ics", "programme.ics", "my_calendar.ics", "topic.ics"]
)
def test_a_text_is_the_golden_one(name: str) -> None:
    assert text_of(name).encode() == (GOLDEN / name).read_bytes()


def test_every_line_has_its_reason() -> None:
    told = (GOLDEN / "README.md").read_text()
    names = {
        line.split(":")[0].split(";")[0]
        for file in GOLDEN.glob("*.ics")
        for line in file.read_bytes().decode().split("\r\n")
        if line and not line.startswith(" ")
    }
    assert {name for name in names if f"`{name}`" not in told} == set()

from email.message import EmailMessage

import pytest

from web.notices_desk.addresses import masked
from web.notices_desk.letters import Attachment, read_letter

pytestmark = pytest.mark.unit

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def mail(*, subject: str = "您的直播") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    made["To"] = "ann@example.org"
    made.set_content("Good evening.\n")
    made.add_alternative("<p>Good evening.</p>\n", subtype="html")
    made.add_alternative(CALENDAR, subtype="calendar", params={"method": "REQUEST"})
    made.add_attachment(
        CALENDAR.encode(), maintype="application", subtype="ics", filename="invite.ics"
    )
    return made


def test_a_mail_is_taken_apart() -> None:
    letter = read_letter(mail().as_bytes())
    assert (letter.text, letter.html) == ("Good evening.\n", "<p>Good evening.</p>\n")
    assert (letter.header("subject"), letter.header("none")) == ("您的直播", "")
    assert [(one.name, one.type) for one in letter.attachments] == [
        ("calendar.ics", "text/calendar"),
        ("invite.ics", "application/ics"),
    ]
    assert letter.attachments[1].text == CALENDAR


def test_what_cannot_be_read_is_left_out() -> None:
    broken = b"Content-Type: text/plain; charset=none-such\r\n\r\n\xff\xfe"
    letter = read_letter(broken)
    assert (letter.text, letter.html, letter.attachments) == ("", "", ())
    assert Attachment("a.png", "image/png", b"\x89PNG").text == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ann@example.org", "a…@example.org"),
        ("Ann Lee <ann@example.org>", "a…@example.org"),
        ("+8613812345789", "…789"),
        ("", "…"),
    ],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown

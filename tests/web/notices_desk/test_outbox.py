import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from web.notices_desk import outbox
from web.notices_desk.outbox import PER_PAGE, Entry, Place, days, page_of, place_of, read

pytestmark = pytest.mark.unit

DAY = "2026-03-10"
MOMENT = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


def put(folder: Path, name: str, *, hour: str = "18", day: str = DAY, second: int = 0) -> Path:
    made = folder / day / hour / name
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(b"To: ann@example.org\r\nSubject: A livestream\r\n\r\nGood evening.\r\n")
    at = MOMENT.timestamp() + second
    os.utime(made, (at, at))
    return made


def test_an_empty_home_has_no_days(tmp_path: Path) -> None:
    assert (days(tmp_path / "mail"), page_of(tmp_path / "mail", DAY).entries) == ((), ())


def test_days_come_newest_first_and_nothing_else_counts(tmp_path: Path) -> None:
    for day in ("2026-03-09", DAY, "2025-12-31"):
        put(tmp_path, "0a.1b.eml", day=day)
    for other in ("new", "2026-13-01", ".."):
        (tmp_path / other).mkdir(exist_ok=True)
    (tmp_path / "2026-03-08").symlink_to(tmp_path)
    assert days(tmp_path) == (DAY, "2026-03-09", "2025-12-31")


def test_a_page_is_the_newest_first_with_masked_addresses(tmp_path: Path) -> None:
    put(tmp_path, "0a.1b.eml", hour="17")
    put(tmp_path, "0b.2c.eml", second=5)
    put(tmp_path, "0c.3d.txt", second=9)
    put(tmp_path, "d.tmp")
    (tmp_path / DAY / "18" / "link.eml").symlink_to(tmp_path / DAY / "17" / "0a.1b.eml")
    listed = page_of(tmp_path, DAY)
    assert [one.place.name for one in listed.entries] == ["0c.3d.txt", "0b.2c.eml", "0a.1b.eml"]
    at = MOMENT.replace(second=5)
    assert listed.entries[1] == Entry(
        Place(DAY, "18", "0b.2c.eml"), at, "a…@example.org", "A livestream"
    )
    assert not listed.has_next


def test_pages_open_no_more_mails_than_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(PER_PAGE + 2):
        put(tmp_path, f"m{number:03}.eml", second=number)
    opened: list[str] = []
    begin_of = outbox._begin_of  # noqa: SLF001 -- counts what is opened

    def note(folder: Path, place: Place, most: int) -> bytes | None:
        opened.append(place.name)
        return begin_of(folder, place, most)

    monkeypatch.setattr(outbox, "_begin_of", note)
    first, second = (page_of(tmp_path, DAY, page=page) for page in (1, 2))
    assert (len(first.entries), first.has_next, len(second.entries), second.has_next) == (
        PER_PAGE,
        True,
        2,
        False,
    )
    assert (first.entries[0].place.name, second.entries[-1].place.name) == ("m031.eml", "m000.eml")
    assert len(opened) == PER_PAGE + 2


@pytest.mark.parametrize(
    ("day", "hour", "name"),
    [
        ("..", "18", "0a.1b.eml"),
        (DAY, "..", "0a.1b.eml"),
        (DAY, "18", "../0a.1b.eml"),
        (DAY, "18", "..eml"),
        (DAY, "18", ".0a.1b.eml"),
        (DAY, "18", "0a/1b.eml"),
        (DAY, "18", "0a.1b.eml\n"),
        (DAY, "18", "a.key"),
        (DAY, "18", "a.b.c.eml"),
        (DAY, "24", "0a.1b.eml"),
        ("2026-02-30", "18", "0a.1b.eml"),
        ("２０２６-03-10", "18", "0a.1b.eml"),  # noqa: RUF001 -- digits that are not ours
    ],
)
def test_what_is_not_one_of_our_names_is_no_place(day: str, hour: str, name: str) -> None:
    assert place_of(day, hour, name) is None


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a key")
    mail = tmp_path / "mail"
    put(mail, "0a.1b.eml")
    (mail / DAY / "18" / "link.eml").symlink_to(secret)
    (mail / DAY / "19").symlink_to(mail / DAY / "18")
    assert read(mail, Place(DAY, "18", "0a.1b.eml")) is not None
    for place in (("18", "link.eml"), ("19", "0a.1b.eml"), ("18", "gone.eml")):
        assert read(mail, Place(DAY, *place)) is None

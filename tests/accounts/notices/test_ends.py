"""All ends under one contract, and what is particular about files."""

import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.notices.ends import (
    FileEnd,
    ReservedToFiles,
    SmtpEnd,
    mail_end,
    server_of,
    sms_end,
)
from accounts.notices.enums import Channel
from accounts.notices.errors import EndDownError
from accounts.notices.ports import End, Outgoing
from core.settings import Settings, read_settings
from tests.fakes.mail import Inbox, RememberingEnd, mail_server

AT = datetime(2026, 11, 24, 9, 59, tzinfo=UTC)
MAIL = b"Subject: one\r\n\r\nIt begins.\r\n.\r\nA line of one full stop stands above.\r\n"


def _outgoing(name: str = "a", *, content: bytes = MAIL) -> Outgoing:
    return Outgoing(name, Channel.MAIL, "reader@example.org", content)


class _Case:
    """An end, and a way to read what left by it."""

    def __init__(self, kind: str, folder: Path, port: int, inbox: Inbox) -> None:
        self.kind, self.folder, self.inbox = kind, folder, inbox
        self.remembering = RememberingEnd()
        ends: dict[str, End] = {
            "files": FileEnd(folder / "mail", Channel.MAIL),
            "smtp": SmtpEnd(server_of(f"smtp://127.0.0.1:{port}"), "mindcast@example.org"),
            "fake": self.remembering,
        }
        self.end = ends[kind]

    def arrived(self) -> list[bytes]:
        if self.kind == "files":
            return [path.read_bytes() for path in sorted(self.folder.rglob("*.eml"))]
        if self.kind == "smtp":
            return [content for _sender, _to, content in self.inbox.mails]
        return [message.content for message in self.remembering.sent]


@pytest.fixture(params=["files", "smtp", "fake"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[_Case]:
    inbox = Inbox()
    with mail_server(inbox) as port:
        made = _Case(request.param, tmp_path, port, inbox)
        yield made
        made.end.close()


def test_what_is_handed_over_arrives_byte_for_byte(case: _Case) -> None:
    case.end.send(_outgoing())
    assert case.arrived() == [MAIL]


def test_the_same_one_twice_arrives_twice(case: _Case) -> None:
    case.end.send(_outgoing())
    case.end.send(_outgoing())
    assert case.arrived() == [MAIL, MAIL]


def test_an_end_that_was_closed_opens_again(case: _Case) -> None:
    case.end.send(_outgoing())
    case.end.close()
    case.end.close()
    case.end.send(_outgoing("b"))
    assert len(case.arrived()) == 2


def _files(folder: Path) -> FileEnd:
    return FileEnd(folder, Channel.MAIL, clock=lambda: AT)


def test_files_are_named_by_hour_and_notice_and_are_for_the_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        _files(tmp_path / "mail").send(_outgoing("notice-1"))
    finally:
        os.umask(before)
    (file,) = (tmp_path / "mail").rglob("*.*")
    assert file.parent == tmp_path / "mail" / "2026-11-24" / "09"
    assert file.name.startswith("notice-1.")
    assert file.suffix == ".eml"
    folders = [file.parent, file.parent.parent, tmp_path / "mail"]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_full_disk_takes_the_end_down_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> None:
        del self, target
        raise OSError(errno.ENOSPC, "No space left on device")

    end = _files(tmp_path / "mail")
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(EndDownError, match="No space left"):
        end.send(_outgoing())
    assert [path for path in (tmp_path / "mail").rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    end.send(_outgoing())
    assert len(list((tmp_path / "mail").rglob("*.eml"))) == 1


def test_folder_that_cannot_be_made_takes_the_end_down(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")
    with pytest.raises(EndDownError):
        _files(tmp_path / "mail").send(_outgoing())


def test_nobody_sees_half_a_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        seen.append(
            [path.name for path in (tmp_path / "mail").rglob("*.eml") if path.name[0] != "."]
        )
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    _files(tmp_path / "mail").send(_outgoing())
    assert seen == [[]]


def test_text_message_is_a_file_with_its_number(settings: Settings) -> None:
    words = "您的直播将在 10 分钟后开始。".encode()
    sms_end(settings).send(Outgoing("a", Channel.SMS, "+441632960001", words))
    (file,) = settings.mail.rglob("*.txt")
    assert file.read_text("utf-8") == "To: +441632960001\n\n您的直播将在 10 分钟后开始。\n"


def test_mails_leave_by_the_server_that_is_set(tmp_path: Path) -> None:
    home = {"MINDCAST_HOME": str(tmp_path)}
    url = "smtps://some%40one:p%3Aw@mail.example.org"
    there = mail_end(read_settings({**home, "SMTP_URL": url, "MAIL_FROM": "a@example.org"}))
    here = mail_end(read_settings(home))
    assert isinstance(there, ReservedToFiles)
    assert isinstance(there.server, SmtpEnd)
    assert there.server.sender == "a@example.org"
    assert there.server.server == ("mail.example.org", 465, True, "some@one", "p:w")
    assert isinstance(here, FileEnd)
    assert here.folder == tmp_path / "mail"


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("host@demo.example", True),
        ("a@host.TEST", True),
        ("wong@hosts.example.org", True),
        ("a@EXAMPLE.com", True),
        ("a@example.de", False),
        ("example.org@mail.de", False),
        ("a@notexample.org", False),
    ],
)
def test_addresses_that_nobody_has_are_kept_as_files(
    tmp_path: Path, address: str, *, is_kept: bool
) -> None:
    server = RememberingEnd()
    end = ReservedToFiles(server, FileEnd(tmp_path / "mail", Channel.MAIL))
    end.send(Outgoing("a", Channel.MAIL, address, MAIL))
    end.close()
    files = list((tmp_path / "mail").rglob("*.eml")) if is_kept else []
    assert len(files) == int(is_kept)
    assert len(server.sent) == int(not is_kept)

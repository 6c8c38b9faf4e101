"""The way out by a real mail server on loopback, which refuses, breaks off and closes."""

import logging
import socket
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from accounts.notices.composing import compose
from accounts.notices.ends import SmtpEnd, server_of
from accounts.notices.enums import Channel
from accounts.notices.errors import AddressRefusedError, EndDownError, SendingFailedError
from accounts.notices.ports import Outgoing
from accounts.notices.wording.samples import sample_due, sample_say
from accounts.notices.wording.texts import defaults
from tests.fakes.letters import EVERY
from tests.fakes.mail import SECRET, Inbox, certificate, mail_server

READER = "reader@example.org"
SENDER = "mindcast@example.org"
MAIL = b"Subject: one\r\n\r\nIt begins.\r\n"
ACCOUNT = f"mindcast:{quote(SECRET, safe='')}@"


def _mail(to: str = READER) -> Outgoing:
    return Outgoing("a", Channel.MAIL, to, MAIL)


@contextmanager
def _opened(inbox: Inbox, account: str = "", *, needs_password: bool = False) -> Iterator[SmtpEnd]:
    with mail_server(inbox, needs_password=needs_password) as port:
        end = SmtpEnd(server_of(f"smtp://{account}127.0.0.1:{port}"), SENDER, timeout=5)
        yield end
        end.close()


def _readers(inbox: Inbox) -> list[str]:
    return [to for _sender, people, _content in inbox.mails for to in people]


def test_one_connection_carries_many_mails() -> None:
    inbox = Inbox()
    with _opened(inbox) as end:
        for number in range(20):
            end.send(_mail(f"reader{number}@example.org"))
    assert inbox.connections == 1
    assert _readers(inbox) == [f"reader{number}@example.org" for number in range(20)]
    assert {sender for sender, _to, _content in inbox.mails} == {SENDER}


def test_every_mail_arrives_as_it_was_written() -> None:
    inbox = Inbox()
    every = [
        compose(sample_due(kind, language), sample_say(kind, language), defaults())
        for kind, language in EVERY
    ]
    with _opened(inbox) as end:
        for mail in every:
            end.send(mail)
    assert [content for _sender, _to, content in inbox.mails] == [mail.content for mail in every]


def test_an_address_that_is_refused_does_not_stop_the_next() -> None:
    inbox = Inbox(on_recipient=["550 5.1.1 <{address}> is unknown"])
    with _opened(inbox) as end:
        with pytest.raises(AddressRefusedError):
            end.send(_mail("nobody@example.org"))
        end.send(_mail())
    assert (_readers(inbox), inbox.connections) == ([READER], 1)


def test_greylisting_is_a_failure_that_passes() -> None:
    inbox = Inbox(on_recipient=["451 4.7.1 <{address}>: come again later"])
    with _opened(inbox) as end:
        with pytest.raises(SendingFailedError, match="451"):
            end.send(_mail())
        end.send(_mail())
    assert _readers(inbox) == [READER]


@pytest.mark.parametrize("reply", ["554 5.6.0 I do not like it", "452 4.3.1 no room"])
def test_mail_that_is_refused_after_it_was_read_fails_alone(reply: str) -> None:
    inbox = Inbox(on_mail=[reply])
    with _opened(inbox) as end:
        with pytest.raises(SendingFailedError, match=reply[:3]):
            end.send(_mail())
        end.send(_mail())
    assert _readers(inbox) == [READER]


@pytest.mark.parametrize("reply", ["550 5.7.1 not from you", "530 5.7.0 sign in first"])
def test_a_sender_that_is_refused_takes_the_end_down(reply: str) -> None:
    with (
        _opened(Inbox(on_sender=[reply])) as end,
        pytest.raises(EndDownError, match=f"sender.*{reply[:3]}"),
    ):
        end.send(_mail())


@pytest.mark.parametrize("reply", ["drop", "421 4.3.2 that was enough"])
@pytest.mark.parametrize("stage", ["on_sender", "on_recipient"])
def test_connection_that_was_lost_between_two_mails_is_made_again(stage: str, reply: str) -> None:
    inbox = Inbox()
    with _opened(inbox) as end:
        end.send(_mail("first@example.org"))
        getattr(inbox, stage).append(reply)
        end.send(_mail("second@example.org"))
    assert _readers(inbox) == ["first@example.org", "second@example.org"]
    assert inbox.connections == 2


def test_server_that_drops_a_mail_while_it_is_sent_fails_it_once() -> None:
    inbox = Inbox(on_mail=["drop"])
    with _opened(inbox) as end:
        with pytest.raises(SendingFailedError, match="broken off"):
            end.send(_mail())
        assert inbox.stages.count("DATA") == 1  # sending it again by itself could double it
        end.send(_mail())
    assert (_readers(inbox), inbox.connections) == ([READER], 2)


def test_server_that_drops_every_first_word_about_one_address_fails_only_that() -> None:
    inbox = Inbox(on_recipient=["drop", "drop"])
    with _opened(inbox) as end:
        for _turn in range(2):
            with pytest.raises(SendingFailedError):
                end.send(_mail("poison@example.org"))
        end.send(_mail())
    assert _readers(inbox) == [READER]


def test_server_that_closes_takes_the_end_down() -> None:
    inbox = Inbox(on_sender=["421 4.3.2 going down"])
    with _opened(inbox) as end:
        with pytest.raises(EndDownError, match="421"):
            end.send(_mail())
        end.send(_mail())
    assert _readers(inbox) == [READER]


def test_nobody_there_takes_the_end_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        end = SmtpEnd(server_of(f"smtp://127.0.0.1:{taken.getsockname()[1]}"), SENDER)
        with pytest.raises(EndDownError, match="no connection"):
            end.send(_mail())


def test_server_that_never_answers_takes_the_end_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = server_of(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        end = SmtpEnd(server, SENDER, timeout=0.2)
        with pytest.raises(EndDownError, match="no connection"):
            end.send(_mail())


def test_signs_in_with_the_password_of_the_address() -> None:
    inbox = Inbox()
    with _opened(inbox, ACCOUNT, needs_password=True) as end:
        end.send(_mail())
    assert _readers(inbox) == [READER]


@pytest.mark.parametrize("account", ["mindcast:wrong@", ""])
def test_without_the_right_password_the_end_is_down(account: str) -> None:
    inbox = Inbox()
    with (
        _opened(inbox, account, needs_password=True) as end,
        pytest.raises(EndDownError, match=r"refused the (connection|sender)"),
    ):
        end.send(_mail())
    assert inbox.mails == []


def _trusting(file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(file))


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_certificate_that_is_known_encrypts(tmp_path: Path, scheme: str) -> None:
    tls, trusted = certificate(tmp_path)
    inbox = Inbox()
    first, later = (tls, None) if scheme == "smtps" else (None, tls)
    with mail_server(inbox, tls=first, starts_tls=later, needs_password=True) as port:
        server = server_of(f"{scheme}://{ACCOUNT}127.0.0.1:{port}")
        end = SmtpEnd(server, SENDER, context=_trusting(trusted))
        end.send(_mail())
        end.close()
    assert _readers(inbox) == [READER]
    assert inbox.connections == (2 if scheme == "smtp" else 1)  # EHLO again after STARTTLS


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["unknown", "another name"])
def test_certificate_that_is_wrong_sends_nothing(tmp_path: Path, scheme: str, fault: str) -> None:
    tls, trusted = certificate(tmp_path, name="127.0.0.1" if fault == "unknown" else "192.0.2.1")
    inbox = Inbox()
    first, later = (tls, None) if scheme == "smtps" else (None, tls)
    context = None if fault == "unknown" else _trusting(trusted)
    with mail_server(inbox, tls=first, starts_tls=later) as port:
        server = server_of(f"{scheme}://127.0.0.1:{port}")
        with pytest.raises(EndDownError, match=r"no connection.*SSLCert"):
            SmtpEnd(server, SENDER, context=context).send(_mail())
    assert (inbox.mails, inbox.stages) == ([], [])


def test_password_does_not_go_unencrypted_to_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox = Inbox()
    with mail_server(inbox, needs_password=True) as port:
        server = server_of(f"smtp://{ACCOUNT}127.0.0.1:{port}")
        monkeypatch.setattr(type(server), "is_loopback", False)
        with pytest.raises(EndDownError, match="no encryption"):
            SmtpEnd(server, SENDER).send(_mail())
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("smtp://localhost", True),
        ("smtp://127.0.0.5", True),
        ("smtp://[::1]", True),
        ("smtp://mail.example.org", False),
        ("smtp://192.0.2.1", False),
    ],
)
def test_loopback_is_told_apart(url: str, is_loopback: bool) -> None:  # noqa: FBT001 -- a parameter
    assert server_of(url).is_loopback is is_loopback


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://a", 25),
        ("smtp://u:p@a", 587),
        ("smtps://a", 465),
        ("smtp://a:2525", 2525),
    ],
)
def test_port_that_is_not_said_is_the_usual_one(url: str, port: int) -> None:
    assert server_of(url).port == port


@pytest.mark.parametrize("stage", ["on_sender", "on_recipient", "on_mail"])
@pytest.mark.parametrize("reply", ["550 <{}> no", "451 <{}> later", "421 <{}> bye", "drop"])
def test_no_address_in_what_is_told_or_logged(
    stage: str, reply: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said, inbox = reply.replace("{}", READER), Inbox()
    setattr(inbox, stage, [said, said])
    with (
        _opened(inbox) as end,
        pytest.raises((AddressRefusedError, SendingFailedError, EndDownError)) as caught,
    ):
        end.send(_mail())
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert READER not in told
    ours = [record.getMessage() for record in caplog.records if record.name[:4] != "mail"]
    assert not any(READER in line for line in ours)

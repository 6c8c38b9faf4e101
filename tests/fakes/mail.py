"""Ends of mail for tests: one that only remembers, and mail servers on loopback."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.notices.ports import Outgoing

SECRET = "a password: with signs@"


class RememberingEnd:
    """An end that keeps what it was handed; ``failing`` is raised instead while it is set."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.failing: Exception | None = None
        self.closed = 0

    def send(self, message: Outgoing) -> None:
        if self.failing is not None:
            raise self.failing
        self.sent.append(message)

    def close(self) -> None:
        self.closed += 1


def read_mail(content: bytes) -> EmailMessage:
    """Return a mail as the standard library reads it."""
    return message_from_bytes(content, policy=policy.SMTP)


@dataclass
class Inbox:
    """What a mail server took, and how it behaves; aiosmtpd asks it at every step."""

    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    connections: int = 0
    stages: list[str] = field(default_factory=list)
    on_sender: list[str] = field(default_factory=list)
    """Replies to the next senders in place of yes; ``drop`` cuts the connection."""
    on_recipient: list[str] = field(default_factory=list)
    on_mail: list[str] = field(default_factory=list)
    needs_password: bool = False

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, said: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        self.connections += 1
        return said

    async def handle_MAIL(  # noqa: N802 -- as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.needs_password and not session.authenticated:
            return "530 5.7.0 sign in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer(server, "MAIL", self.on_sender, "250 OK")

    async def handle_RCPT(  # noqa: N802 -- as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        reply = self._answer(server, "RCPT", self.on_recipient, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply.format(address=address)

    async def handle_DATA(  # noqa: N802 -- as above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        reply = self._answer(server, "DATA", self.on_mail, "250 OK")
        if reply.startswith("250"):
            content = cast("bytes", envelope.content)
            self.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return reply

    def _answer(self, server: SMTP, stage: str, replies: list[str], usual: str) -> str:
        self.stages.append(stage)
        reply = replies.pop(0) if replies else usual
        if reply == "drop":
            cast("Any", server).transport.abort()
        return reply


@contextmanager
def mail_server(
    inbox: Inbox,
    *,
    tls: ssl.SSLContext | None = None,
    starts_tls: ssl.SSLContext | None = None,
    needs_password: bool = False,
) -> Iterator[int]:
    """Run a mail server on a free port of loopback; ``tls`` from its first byte, or STARTTLS."""

    def made() -> SMTP:
        return SMTP(
            inbox,
            hostname="127.0.0.1",
            loop=loop,
            tls_context=starts_tls,
            authenticator=knows_the_password if needs_password else None,
            auth_require_tls=False,
        )

    inbox.needs_password = needs_password
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(made, "127.0.0.1", 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.AbstractServer) -> None:
    """Take no more connections, and end those that are open."""
    server.close()
    running = asyncio.all_tasks() - {task for task in [asyncio.current_task()] if task}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def knows_the_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    """Let in who has :data:`SECRET`."""
    del server, session, envelope, mechanism
    return AuthResult(success=data.password == SECRET.encode(), handled=False)


def certificate(folder: Path, *, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for an address; return the server's side, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    trusted = folder / "trusted.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    file.write_bytes(pem + trusted.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, trusted

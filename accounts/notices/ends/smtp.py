"""Mails to a mail server (RFC 5321), one connection for many.

What the server says is never repeated: its sentences have addresses in them. Errors carry the stage
and the reply code, and no cause: ``smtplib`` puts addresses into its own.
"""

import smtplib
import ssl
from contextlib import suppress
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from accounts.notices.errors import AddressRefusedError, EndDownError, SendingFailedError
from accounts.notices.ports import Outgoing

TIMEOUT: Final = 30.0
"""Seconds that one answer of the server may take."""
CLOSING: Final = 421
PERMANENT: Final = 500
SIGN_IN: Final = frozenset({530, 534, 535, 538})
"""Replies that say that this sender has to sign in (RFC 4954), whoever the mail is for."""


class Server(NamedTuple):
    """What ``SMTP_URL`` says."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str

    @property
    def is_loopback(self) -> bool:
        """Whether what is said to the server stays on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server_of(url: str) -> Server:
    """Return the server of ``smtp://name:password@host:port`` or ``smtps://…``.

    Without a port: 465 for smtps, 587 with a name, else 25.
    """
    parts = urlsplit(url)
    usual = 465 if parts.scheme == "smtps" else 587 if parts.username else 25
    return Server(
        host=parts.hostname or "localhost",
        port=parts.port or usual,
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class SmtpEnd:
    """Hands mails to one server. Not for two threads.

    STARTTLS is used when the server offers it, with its certificate checked; without it, no
    password goes to another machine. A connection that broke before a mail was on its way is made
    again, once.
    """

    def __init__(
        self,
        server: Server,
        sender: str,
        *,
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self.server = server
        self.sender = sender
        self._context = context
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> None:
        """Hand one over; see :class:`accounts.notices.ports.End`."""
        was_open = self._connection is not None
        try:
            self._offer(message.to)
        except _DroppedError as dropped:
            if not was_open:
                raise dropped.told() from None
            self._offer_again(message.to)
        self._transmit(message.content)

    def close(self) -> None:
        """Say goodbye; a later :meth:`send` connects again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _offer_again(self, to: str) -> None:
        try:
            self._offer(to)
        except _DroppedError as dropped:
            raise dropped.told() from None

    def _offer(self, to: str) -> None:
        """Name the sender and the recipient; the mail itself is not on its way yet."""
        connection = self._connected()
        try:
            self._expect("sender", connection.mail(self.sender)[0])
            self._expect("recipient", connection.rcpt(to)[0])
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise _DroppedError(type(error).__name__, is_closing=False) from None

    def _expect(self, stage: str, code: int) -> None:
        if code in {250, 251, 252}:
            return
        if code == CLOSING:
            self._drop()
            raise _DroppedError(_reason(stage, code), is_closing=True)
        self._reset()
        if code in SIGN_IN or (code >= PERMANENT and stage == "sender"):
            raise EndDownError(_reason(stage, code))
        if code >= PERMANENT:
            raise AddressRefusedError(_reason(stage, code))
        raise SendingFailedError(_reason(stage, code))

    def _transmit(self, content: bytes) -> None:
        """Send the mail; whether one that broke off arrived is not known."""
        connection = self._connected()
        try:
            code, _said = connection.data(content)
        except smtplib.SMTPDataError as refused:
            code = refused.smtp_code
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            reason = f"broken off while it was sent ({type(error).__name__})"
            raise SendingFailedError(reason) from None
        if code == CLOSING:
            self._drop()
        if code != 250:  # noqa: PLR2004 -- RFC 5321: the mail was taken
            self._reset()
            raise SendingFailedError(_reason("mail", code))

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except smtplib.SMTPResponseException as refused:
                raise EndDownError(_reason("connection", refused.smtp_code)) from None
            except (OSError, smtplib.SMTPException) as error:
                reason = f"no connection to the mail server ({type(error).__name__})"
                raise EndDownError(reason) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        connection = self._dial()
        try:
            self._secure(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _dial(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.is_tls:
            return smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=self._tls())
        return smtplib.SMTP(host, port, timeout=self._timeout)

    def _secure(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not self.server.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=self._tls())
            connection.ehlo_or_helo_if_needed()
        elif not self.server.is_tls and self.server.user and not self.server.is_loopback:
            reason = "the mail server offers no encryption, and a password would be seen"
            raise EndDownError(reason)
        if self.server.user:
            connection.login(self.server.user, self.server.password)

    def _tls(self) -> ssl.SSLContext:
        """Return what certificates are checked with; ``SSL_CERT_FILE`` names another authority."""
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _reset(self) -> None:
        """Let the server forget a mail that it did not take."""
        if self._connection is None:
            return
        try:
            self._connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _DroppedError(Exception):
    """The server let go before a mail was on its way; says so without an address."""

    def __init__(self, reason: str, *, is_closing: bool) -> None:
        self.is_closing = is_closing
        super().__init__(reason)

    def told(self) -> EndDownError | SendingFailedError:
        """Return what the caller learns: a server that closes closes for all.

        One that just lets go may do so at this one address; others have their turn.
        """
        return EndDownError(str(self)) if self.is_closing else SendingFailedError(str(self))


def _reason(stage: str, code: int) -> str:
    return f"the mail server refused the {stage} ({code})"

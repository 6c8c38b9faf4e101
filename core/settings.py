"""Settings: environment variables, read once, typed, refused by name when they make no sense.

Every setting is one row of :data:`TABLE`; ``docs/settings.md`` is checked against it.
``NAME_FILE`` names a file that holds the value of ``NAME``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname
from typing import Any
from urllib.parse import urlsplit

from core.errors import SettingError
from core.setting_values import (
    read_names,
    read_port,
    read_rungs,
    read_seconds,
    read_sender,
    read_sites,
    read_smtp,
    read_text,
    read_texts,
    read_url,
    read_yes,
)

DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default text, what it means and how it is read."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    secret: bool = False


TABLE: tuple[Setting, ...] = (
    Setting("MINDCAST_HOME", "var", "Folder for all state of this machine.", Path),
    Setting("PORT", str(DEFAULT_PORT), "Port of the site.", read_port),
    Setting("BIND", "127.0.0.1", "Address the site listens on.", read_text),
    Setting("RTMP_PORT", "", "Port for encoders; a free one when empty.", read_text),
    Setting(
        "MINDCAST_DEMO", "1", "1 loads demo content and demo accounts, 0 starts empty.", read_yes
    ),
    Setting(
        "DEMO_TALKS", "1", "1 makes recordings of the demo's talks, 0 leaves them out.", read_yes
    ),
    Setting(
        "DATABASE_URL",
        "",
        "SQLAlchemy address; SQLite in the home when empty.",
        read_text,
        secret=True,
    ),
    Setting(
        "S3_ENDPOINT_URL", "", "Object storage; a local server is started when empty.", read_url
    ),
    Setting(
        "S3_PUBLIC_URL", "", "Address under which browsers reach public objects, if any.", read_url
    ),
    Setting("S3_BUCKET", "mindcast", "Bucket for all objects.", read_text),
    Setting("AWS_ACCESS_KEY_ID", "", "Access key of the object storage.", read_text, secret=True),
    Setting(
        "AWS_SECRET_ACCESS_KEY", "", "Secret key of the object storage.", read_text, secret=True
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs cookies; made and kept in the home when empty.",
        read_text,
        secret=True,
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        "",
        "Earlier SECRET_KEYs that are still accepted.",
        read_names,
        secret=True,
    ),
    Setting(
        "DATA_KEY",
        "",
        "Encrypts stream keys; made and kept in the home when empty.",
        read_text,
        secret=True,
    ),
    Setting("PUBLIC_URL", "", "Address of the site as people see it.", read_url),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "Host names the site answers to; any on loopback when empty.",
        read_names,
    ),
    Setting("EMBED_SITES", "", "Other sites that may show the player, as origins.", read_sites),
    Setting("TRUSTED_PROXIES", "", "Addresses of proxies whose headers are believed.", read_names),
    Setting(
        "SMTP_URL",
        "",
        "Mail server, smtp://name:password@host:587 or smtps://; files in the home when empty.",
        read_smtp,
        secret=True,
    ),
    Setting(
        "MAIL_FROM",
        "",
        "Address that mails come from; mindcast@ the site's host when empty.",
        read_sender,
    ),
    Setting(
        "TEXT_MESSAGES",
        "auto",
        "Where text messages go: files in the home, none (not offered), auto (files in a demo).",
        read_texts,
    ),
    Setting(
        "INTERRUPTION_WINDOW", "120", "Seconds an encoder may be away, 0 to 1800.", read_seconds
    ),
    Setting("NODE_NAME", "", "Name of this media node; the host name when empty.", read_text),
    Setting(
        "LIVE_RUNGS",
        "auto",
        "Smaller pictures made live: auto (what the machine carries), 0, or lines as in 360,240.",
        read_rungs,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process, typed and checked."""

    home: Path
    port: int
    bind: str
    rtmp_port: int | None
    demo: bool
    demo_talks: bool
    database_url: str
    s3_endpoint_url: str
    s3_public_url: str
    s3_bucket: str
    aws_access_key_id: str
    aws_secret_access_key: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    data_key: str
    public_url: str
    trusted_hosts: tuple[str, ...]
    embed_sites: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    smtp_url: str
    mail_from: str
    text_messages: str
    interruption_window: int
    node_name: str
    live_rungs: tuple[int, ...] | None

    @property
    def spool(self) -> Path:
        """Segments of this node that viewers may fetch before the object store has them."""
        return self.home / "spool"

    @property
    def site_address(self) -> str:
        """The address of the site for links in mails, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return self.mail_from or f"mindcast@{urlsplit(self.site_address).hostname or 'localhost'}"

    @property
    def offers_sms(self) -> bool:
        """Whether people may ask for text messages: no service sends them yet, a demo shows it."""
        return self.text_messages == "files" or (self.text_messages == "auto" and self.demo)

    @property
    def mail(self) -> Path:
        """Mails and text messages that were sent while no server for them is set."""
        return self.home / "mail"

    @property
    def journal(self) -> Path:
        """What encoders sent to this node, as it came."""
        return self.home / "journal"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting of :data:`TABLE` from ``environ``.

    Raises:
        SettingError: A value cannot be read; the message names the variable and says why.
    """
    values = {setting.name: _read(setting, environ) for setting in TABLE}
    home = Path(values["MINDCAST_HOME"]).absolute()
    rtmp = values["RTMP_PORT"]
    return Settings(
        home=home,
        port=values["PORT"],
        bind=values["BIND"],
        rtmp_port=_checked("RTMP_PORT", rtmp, read_port) if rtmp else None,
        demo=values["MINDCAST_DEMO"],
        demo_talks=values["DEMO_TALKS"],
        database_url=values["DATABASE_URL"] or f"sqlite:///{home / 'mindcast.sqlite3'}",
        s3_endpoint_url=values["S3_ENDPOINT_URL"],
        s3_public_url=values["S3_PUBLIC_URL"],
        s3_bucket=values["S3_BUCKET"],
        aws_access_key_id=values["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
        secret_key=values["SECRET_KEY"],
        secret_key_fallbacks=values["SECRET_KEY_FALLBACKS"],
        data_key=values["DATA_KEY"],
        public_url=values["PUBLIC_URL"].rstrip("/"),
        trusted_hosts=values["TRUSTED_HOSTS"],
        embed_sites=values["EMBED_SITES"],
        trusted_proxies=values["TRUSTED_PROXIES"],
        smtp_url=values["SMTP_URL"],
        mail_from=values["MAIL_FROM"],
        text_messages=values["TEXT_MESSAGES"],
        interruption_window=values["INTERRUPTION_WINDOW"],
        node_name=values["NODE_NAME"] or gethostname(),
        live_rungs=values["LIVE_RUNGS"],
    )


def _read(setting: Setting, environ: Mapping[str, str]) -> Any:  # noqa: ANN401 -- typed in Settings
    value = environ.get(setting.name)
    file = environ.get(f"{setting.name}_FILE")
    if value is None and file is not None:
        value = _read_file(f"{setting.name}_FILE", file)
    given = setting.default if value is None else value
    return _checked(setting.name, given, setting.read, secret=setting.secret)


def _read_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{name}: cannot read {path}: {error.strerror}"
        raise SettingError(message) from error


def _checked(name: str, value: str, read: Callable[[str], Any], *, secret: bool = False) -> Any:  # noqa: ANN401 -- typed in Settings
    try:
        return read(value)
    except ValueError as error:
        shown = name if secret else f"{name}={value!r}"
        message = f"{shown} makes no sense: {error}"
        raise SettingError(message) from error

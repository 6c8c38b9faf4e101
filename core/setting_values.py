"""How the text of a setting is read; a ``ValueError`` says what would make sense."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

LIVE_RUNGS: Final = frozenset({480, 360, 240})
SITE: Final = re.compile(
    r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)
"""An origin that may show our player; it stands in a header as it is."""


def read_text(value: str) -> str:
    """Return the text as it is."""
    return value


def read_port(value: str) -> int:
    """Return the number of a port."""
    port = int(value)
    if not 0 < port < 2**16:
        message = "a port is a number from 1 to 65535"
        raise ValueError(message)
    return port


def read_yes(value: str) -> bool:
    """Return whether it is a yes."""
    if value not in {"0", "1"}:
        message = "use 1 for yes and 0 for no"
        raise ValueError(message)
    return value == "1"


def read_names(value: str) -> tuple[str, ...]:
    """Return what commas separate."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def read_url(value: str) -> str:
    """Return an address that has a scheme, or nothing."""
    if value and not urlsplit(value).scheme:
        message = "an address starts with a scheme, for example https://"
        raise ValueError(message)
    return value


def read_smtp(value: str) -> str:
    """Return the address of a mail server, or nothing."""
    if value and not _is_server(urlsplit(value)):
        message = "use smtp://host or smtps://host, with name:password@ before the host if needed"
        raise ValueError(message)
    return value


def _is_server(parts: SplitResult) -> bool:
    try:
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is none; its words repeat what stands there, maybe a password
        return False


def read_sender(value: str) -> str:
    """Return the address alone of a sender of mails, or nothing."""
    name, at, host = value.partition("@")
    if value and not (name and at and host and value.isascii() and not set(value) & set(' <>,;"')):
        message = "use an address alone, as in mindcast@example.org"
        raise ValueError(message)
    return value


def read_seconds(value: str) -> int:
    """Return how long an encoder may be away."""
    seconds = int(value)
    if not 0 <= seconds <= 1800:  # noqa: PLR2004 -- the bound stands in the settings table
        message = "use 0 to 1800 seconds"
        raise ValueError(message)
    return seconds


def read_texts(value: str) -> str:
    """Return where text messages go."""
    if value not in {"auto", "files", "none"}:
        message = "use auto, files or none"
        raise ValueError(message)
    return value


def read_rungs(value: str) -> tuple[int, ...] | None:
    """Return the lines of the smaller pictures; None leaves it to the machine."""
    if value == "auto":
        return None
    lines = tuple(int(part) for part in value.split(",")) if value != "0" else ()
    if not set(lines) <= LIVE_RUNGS:
        message = "use auto, 0, or some of 480, 360 and 240 with commas between them"
        raise ValueError(message)
    return lines


def read_sites(value: str) -> tuple[str, ...]:
    """Return origins of other sites, each as ``https://host`` with a port if it has one."""
    sites = read_names(value)
    if not all(SITE.fullmatch(site) for site in sites):
        message = "use origins as in https://www.example.org, with commas between them"
        raise ValueError(message)
    return sites

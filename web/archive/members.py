"""The members of an archive: their names, what stands first, and a line of the manifest."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from media.errors import NoSuchMedia
from media.paths import KEY_PREFIX, read_key

FORMAT: Final = 1
HEAD: Final = "mindcast.json"
SECRETS: Final = "secrets.json"
MANIFEST: Final = "manifest.jsonl"
TABLES: Final = "tables/"
SPOOL: Final = "spool/"
OBJECTS: Final = "objects/"
SUFFIX: Final = ".jsonl.gz"
SECRET_NAMES: Final = ("secret_key", "data_key")

_TABLE: Final = re.compile(r"[a-z0-9_]{1,63}")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Head:
    """What an archive says of itself.

    ``revision`` is Alembic's, empty for a database that never was migrated; ``tables`` has for
    each table, in the order of their members, the kind (:mod:`web.archive.kinds`) of each column.
    """

    created_at: str
    revision: str
    tables: Mapping[str, Mapping[str, str]]
    format: int = FORMAT

    def to_json(self) -> bytes:
        """Write it for :data:`HEAD`."""
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Head":
        """Read it; ``ValueError`` if it is none, of whatever kind."""
        found: dict[str, Any] = json.loads(data)
        try:
            tables = {name: dict(columns) for name, columns in found["tables"].items()}
            return cls(found["created_at"], found["revision"], tables, int(found["format"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(HEAD) from error


@dataclass(frozen=True, slots=True)
class Member:
    """One member; ``size`` in bytes, ``content_type`` only for objects."""

    name: str
    size: int
    content_type: str = ""

    def line(self, sha256: str) -> bytes:
        """Return its line of the manifest."""
        return json.dumps([self.name, self.size, self.content_type, sha256]).encode() + b"\n"


def table_member(table: str) -> str:
    """Return the name of the member that has the rows of ``table``."""
    return f"{TABLES}{table}{SUFFIX}"


def table_of(name: str) -> str:
    """Return the table whose rows the member ``name`` has."""
    return name.removeprefix(TABLES).removesuffix(SUFFIX)


def is_known(name: str) -> bool:
    """Whether ``name`` is one this format has, and none that climbs out of its folder."""
    if name in {HEAD, SECRETS, MANIFEST}:
        return True
    if name.startswith(TABLES):
        return name == table_member(table_of(name)) and bool(_TABLE.fullmatch(table_of(name)))
    if name.startswith(SPOOL):
        return _is_media(KEY_PREFIX + name.removeprefix(SPOOL))
    return name.startswith(OBJECTS) and is_safe(name)


def _is_media(key: str) -> bool:
    try:
        read_key(key)
    except NoSuchMedia:
        return False
    return True


def is_safe(name: str) -> bool:
    """Whether every part of ``name`` is a plain name."""
    parts = name.split("/")
    return not _UNSAFE.search(name) and not {"", ".", ".."} & set(parts)

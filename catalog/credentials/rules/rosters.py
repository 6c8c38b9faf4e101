"""Signed rosters: the file, its signature, its lines, and how many of them are looked up. Pure."""

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from accounts.errors import BadEmail
from accounts.rules import normal_email
from catalog.credentials.errors import BadRoster
from catalog.credentials.rules.application import NUMBER_LENGTHS, last_moment, normal_number
from catalog.credentials.rules.countries import is_country
from catalog.enums import CredentialKind
from core.errors import FieldError, _
from core.words import LANGUAGES

COLUMNS: Final = (
    *("email", "name_en", "name_zh", "title_en", "title_zh"),
    *("institution_en", "institution_zh", "department_en", "department_zh"),
    *("kind", "holder", "country", "authority", "number", "valid_until"),
    *("languages", "topics", "interests_en", "interests_zh"),
)
EXAMPLE: Final = (
    *(
        "lin.wei@example.org",
        "Dr. Lin Wei",
        "林薇医生",
        "Consultant psychiatrist",
        "精神科主任医师",
    ),
    *("Example Hospital", "示例医院", "Sleep clinic", "睡眠门诊"),
    *("psychiatrist", "Lin Wei", "CN", "National Health Commission", "110000000000001", ""),
    *("zh-Hans en", "sleep anxiety", "", ""),
)
LARGEST: Final = 512 * 1024
MOST_LINES: Final = 2000
LONGEST: Final = 120
LONGEST_TEXT: Final = 1000
SAMPLED: Final = 20
"""One person in so many is looked up before a roster is approved, and at least one."""
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
FIRST_LINE: Final = 2
"""The number of the first line with a person: the line before names the columns."""
LISTS: Final = ("languages", "topics")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a roster: the address, the answers as an application has them, the number."""

    position: int
    email: str
    answers: Mapping[str, Any]
    number: str


def template() -> str:
    """Return a roster with one made-up line, to begin from."""
    written = io.StringIO()
    csv.writer(written).writerows((COLUMNS, EXAMPLE))
    return written.getvalue()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of the signed bytes as hex."""
    return sha256(data).hexdigest()


def key_bytes(text: str) -> bytes | None:
    """Return the raw Ed25519 public key (RFC 8032) that is written in base64; None: it is none."""
    found = _decoded(text)
    return found if found is not None and len(found) == KEY_BYTES else None


def key_fingerprint(public_key: str) -> str:
    """Return by what two people compare a key on the telephone: SHA-256 in groups of four."""
    digest = sha256(key_bytes(public_key) or b"").hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def check_signature(data: bytes, *, signature: str, public_key: str) -> None:
    """Refuse a file that the key's owner did not sign.

    Raises:
        BadRoster: The signature is none, or of another file or key.
    """
    raw, key = _decoded(signature), key_bytes(public_key)
    if raw is None or key is None or len(raw) != SIGNATURE_BYTES:
        raise BadRoster(BadRoster.signature)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw, data)
    except InvalidSignature:
        raise BadRoster(BadRoster.signature) from None


def sample_size(people: int) -> int:
    """Return how many of so many people are looked up: 5 %, rounded up, and at least one."""
    return max(1, -(-people // SAMPLED))


def read_lines(data: bytes, *, topics: frozenset[str], today: date) -> list[Line]:
    """Return the people of a roster.

    Raises:
        BadRoster: It is no UTF-8 CSV with these columns, or lines of it are wrong; every fault is
            in ``errors``, with the number of its line.
    """
    rows = _rows(data)
    lines: list[Line] = []
    faults: list[FieldError] = []
    seen: set[str] = set()
    for position, row in rows:
        line, found = _line(position, row, topics, today)
        if line is not None and line.email in seen:
            found = [*found, _at(position, "email", _("This address stands in the roster twice."))]
        faults += found
        if line is not None:
            seen.add(line.email)
            lines.append(line)
    if not rows:
        faults.append(FieldError("file", _("There is nobody in this roster.")))
    if faults:
        raise bad_lines(faults)
    return lines


def bad_lines(faults: list[FieldError]) -> BadRoster:
    """Return the refusal of a roster with faults in its lines."""
    refusal = BadRoster(_("Some lines need attention. Nobody was added."))
    refusal.errors = tuple(faults)
    return refusal


def _rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(data) > LARGEST:
        raise BadRoster(BadRoster.too_large)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRoster(BadRoster.not_utf8) from None
    if "\x00" in text:
        raise BadRoster(BadRoster.not_utf8)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            message = _("These columns are missing: %(columns)s.")
            raise bad_lines([FieldError("file", message, {"columns": ", ".join(missing)})])
        rows = [(reader.line_num, _plain(row)) for row in reader]
    except csv.Error:
        raise bad_lines([FieldError("file", _("The file is no well-formed CSV."))]) from None
    if len(rows) > MOST_LINES:
        message = _("At most %(most)s people per roster.")
        raise bad_lines([FieldError("file", message, {"most": MOST_LINES})])
    return rows


def _plain(row: Mapping[str | None, Any]) -> dict[str, str]:
    return {name: str(row.get(name) or "").strip() for name in COLUMNS}


def _line(
    position: int, row: Mapping[str, str], topics: frozenset[str], today: date
) -> tuple[Line | None, list[FieldError]]:
    answers: dict[str, Any] = {
        name: row[name].split() if name in LISTS else row[name]
        for name in COLUMNS
        if name not in {"email", "number"}
    }
    answers["interests"] = "listed" if row["interests_en"] or row["interests_zh"] else "none"
    answers["country"] = row["country"].upper()
    wrong = _faults(row, answers, topics, today)
    faults = [_at(position, name, message) for name, message in wrong]
    try:
        email = normal_email(row["email"])
    except BadEmail:
        return None, [*faults, _at(position, "email", BadEmail.message)]
    return Line(position, email, answers, row["number"]), faults


def _faults(
    row: Mapping[str, str], answers: Mapping[str, Any], topics: frozenset[str], today: date
) -> Iterator[tuple[str, str]]:
    for name in ("name", "title", "institution"):
        if not (row[f"{name}_en"] or row[f"{name}_zh"]):
            yield f"{name}_en", _("Needed in one language at least.")
    for name in COLUMNS:
        if len(row[name]) > (LONGEST_TEXT if name.startswith("interests") else LONGEST):
            yield name, _("This is too long.")
    yield from _licence_faults(row, answers, today)
    if not topics.issuperset(answers["topics"]):
        yield "topics", _("There is no such topic.")
    if not answers["languages"] or not set(LANGUAGES).issuperset(answers["languages"]):
        yield "languages", _("Write en, zh-Hans or both, with a space between them.")


def _licence_faults(
    row: Mapping[str, str], answers: Mapping[str, Any], today: date
) -> Iterator[tuple[str, str]]:
    if row["kind"] not in set(CredentialKind):
        yield "kind", _("Write psychiatrist, psychotherapist or counsellor.")
    if not is_country(answers["country"]):
        yield "country", _("Write the two letters of the country, for example CN.")
    if not row["authority"]:
        yield "authority", _("Write who gave the licence.")
    if len(normal_number(row["number"])) not in NUMBER_LENGTHS:
        yield "number", _("A licence number has 3 to 40 letters and digits.")
    ends = last_moment(answers)
    if row["valid_until"] and (ends is None or ends.date() <= today):
        yield "valid_until", _("Write a day to come, for example 2027-11-22, or leave it empty.")


def _at(position: int, name: str, message: str) -> FieldError:
    return FieldError(f"line {position}: {name}", message)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None

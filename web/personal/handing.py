"""Everything about a person as one file: JSON for programs, a page for people."""

import io
import json
import zipfile
from datetime import datetime
from html import escape
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.credentials.models import Application, Document
from core.clock import rfc3339
from core.orm import Base
from core.personal import export
from core.sealing import unseal_bytes
from media.errors import ObjectMissing, StorageUnavailable
from media.ports import ObjectStorage
from web.personal.register import REGISTER, person_of
from web.personal.wording import said_of

Rows = dict[str, list[dict[str, Any]]]
STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:auto;padding:1rem}"
    "dt{font-weight:600}dd{overflow-wrap:anywhere}"
)


def held_about(session: Session, *, user_id: str, data_key: str) -> Rows:
    """Return every row about a person by table, without those of tables that have none."""
    person = person_of(session, user_id=user_id, data_key=data_key)
    found = export(session, person, register=REGISTER, metadata=Base.metadata, data_key=data_key)
    return {name: rows for name, rows in found.items() if rows}


def archive_of(
    session: Session,
    storage: ObjectStorage,
    *,
    user_id: str,
    data_key: str,
    language: str,
    now: datetime,
) -> bytes:
    """Return a ZIP file of everything about a person, pages of a licence opened.

    The page in it is in ``language``; names of fields are those of the database.
    """
    rows = held_about(session, user_id=user_id, data_key=data_key)
    whole = {"made_at": rfc3339(now), "tables": rows}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", json.dumps(whole, ensure_ascii=False, indent=2))
        archive.writestr("everything.html", readable(rows, language, now))
        for name, data in _pages(session, storage, user_id, data_key):
            archive.writestr(name, data)
    return made.getvalue()


def readable(rows: Rows, language: str, now: datetime) -> str:
    """Return everything as a page that needs nothing else."""
    parts = [_section(name, language, ones) for name, ones in rows.items()]
    title = escape(said_of("title", language))
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{STYLE}</style><h1>{title}</h1><p>{escape(rfc3339(now))}</p>"
        f"<p>{escape(said_of('about', language))}</p>{''.join(parts)}</html>"
    )


def _section(table: str, language: str, rows: list[dict[str, Any]]) -> str:
    name = escape(said_of(table, language))
    return f"<section><h2>{name}</h2><p><code>{escape(table)}</code></p>{_rows(rows)}</section>"


def _rows(rows: list[dict[str, Any]]) -> str:
    return "".join(_row(one) for one in rows)


def _row(row: dict[str, Any]) -> str:
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(_shown(value))}</dd>" for name, value in row.items()
    )
    return f"<dl>{facts}</dl><hr>"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _pages(
    session: Session, storage: ObjectStorage, user_id: str, data_key: str
) -> list[tuple[str, bytes]]:
    """Return the pages of an application for a licence that are still there."""
    documents = session.scalars(
        select(Document)
        .join(Application, Application.id == Document.application_id)
        .where(Application.user_id == user_id, Document.removed_at.is_(None))
        .order_by(Document.created_at, Document.id)
    ).all()
    found = []
    for number, one in enumerate(documents, 1):
        try:
            data = unseal_bytes(data_key, storage.read_bytes(one.object_key))
        except (ObjectMissing, StorageUnavailable):
            continue  # what it says stands in the rows; the page may be asked for again
        found.append((f"licence/{number:02}-{one.name.replace('/', '_')}", data))
    return found

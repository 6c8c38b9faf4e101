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

Rows = dict[str, list[dict[str, Any]]]
STYLE: Final = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:auto}dt{font-weight:600}"


def held_about(session: Session, *, user_id: str, data_key: str) -> Rows:
    """Return every row about a person by table, without those of tables that have none."""
    person = person_of(session, user_id=user_id, data_key=data_key)
    found = export(session, person, register=REGISTER, metadata=Base.metadata, data_key=data_key)
    return {name: rows for name, rows in found.items() if rows}


def archive_of(
    session: Session, storage: ObjectStorage, *, user_id: str, data_key: str, now: datetime
) -> bytes:
    """Return a ZIP file of everything about a person, pages of a licence opened."""
    rows = held_about(session, user_id=user_id, data_key=data_key)
    whole = {"made_at": rfc3339(now), "tables": rows}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", json.dumps(whole, ensure_ascii=False, indent=2))
        archive.writestr("everything.html", readable(rows, now))
        for name, data in _pages(session, storage, user_id, data_key):
            archive.writestr(name, data)
    return made.getvalue()


def readable(rows: Rows, now: datetime) -> str:
    """Return everything as a page that needs nothing else."""
    parts = [
        f"<section><h2>{escape(name)}</h2>{''.join(_row(one) for one in ones)}</section>"
        for name, ones in rows.items()
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mindcast</title>'
        f"<style>{STYLE}</style><h1>Mindcast, {escape(rfc3339(now))}</h1>{''.join(parts)}</html>"
    )


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

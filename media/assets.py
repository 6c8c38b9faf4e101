"""What has been made from a broadcast: the object first, then its row."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.database import reading
from core.work.models import Work
from media import paths
from media.models import Asset, Broadcast
from media.queries import cut_of
from media.steps import StepContext
from media.window import UNCUT, Cut


def find_asset(session: Session, *, broadcast_id: str, kind: str) -> Asset | None:
    """Return what was made of ``kind`` (``poster``, ``sound``), if it has been."""
    query = select(Asset).where(Asset.broadcast_id == broadcast_id, Asset.kind == kind)
    return session.execute(query).scalar_one_or_none()


def keep_asset(
    context: StepContext,
    *,
    kind: str,
    name: str,
    file: Path,
    details: Mapping[str, Any],
    cut: Cut = UNCUT,
) -> str:
    """Store ``file`` as an asset and record it in the place of the former one; return its name.

    ``name`` gets eight digits of the content's hash: whoever has an address may keep what it
    gives for ever, and another content has another address.

    What was made under another ``cut`` than there is now is not kept: it may show what was cut off.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    named = paths.hashed_name(name, digest)
    key = paths.asset_key(context.subject, named)
    content_type = paths.content_type(key)
    with reading(), context.sessions() as session:
        if cut_of(session, broadcast_id=context.subject) != cut:
            return named
    context.storage.put_file(key, file, content_type=content_type)
    made = {
        "object_key": key,
        "content_type": content_type,
        "size": file.stat().st_size,
        "sha256": digest,
        "details": dict(details),
    }
    with context.sessions.begin() as session:
        if _may_be_kept(session, context.subject, cut):
            needless = _record(session, context.subject, kind, made)
        else:
            needless = key
        is_named = _is_named(session, context.subject, needless)
    if not is_named:  # nobody else would remove it
        context.storage.delete(needless)
    return named


def _may_be_kept(session: Session, broadcast_id: str, cut: Cut) -> bool:
    """Hold the broadcast, so that whoever cuts now waits, or has cut; tell whether it fits."""
    held = select(Broadcast.emptied_at).where(Broadcast.id == broadcast_id).with_for_update()
    emptied_at = session.scalar(held)
    return emptied_at is None and cut_of(session, broadcast_id=broadcast_id) == cut


def _record(session: Session, broadcast_id: str, kind: str, made: Mapping[str, Any]) -> str:
    """Write the row; return the object that the one before had, or its own."""
    asset = find_asset(session, broadcast_id=broadcast_id, kind=kind)
    former = asset.object_key if asset is not None else str(made["object_key"])
    if asset is None:
        asset = Asset(broadcast_id=broadcast_id, kind=kind, created_at=utc_now())
        session.add(asset)
    for name, value in made.items():
        setattr(asset, name, value)
    session.flush()
    return former


def _is_named(session: Session, broadcast_id: str, key: str) -> bool:
    """Tell whether a row tells of the object, or work that may bring it back or will remove it."""
    named = select(Asset.id).where(Asset.object_key == key)
    if session.scalar(named) is not None:
        return True
    payloads = session.scalars(select(Work.payload).where(Work.subject == broadcast_id))
    return any(key in json.dumps(one) for one in payloads)

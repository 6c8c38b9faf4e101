"""What has been made from a broadcast: the object first, then its row."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import utc_now
from media import paths
from media.models import Asset
from media.steps import StepContext


def find_asset(session: Session, *, broadcast_id: str, kind: str) -> Asset | None:
    """Return what was made of ``kind`` (``poster``, ``sound``), if it has been."""
    query = select(Asset).where(Asset.broadcast_id == broadcast_id, Asset.kind == kind)
    return session.execute(query).scalar_one_or_none()


def keep_asset(
    context: StepContext, *, kind: str, name: str, file: Path, details: Mapping[str, Any]
) -> str:
    """Store ``file`` as an asset and record it in the place of the former one; return its name.

    ``name`` gets eight digits of the content's hash: whoever has an address may keep what it
    gives for ever, and another content has another address.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    named = paths.hashed_name(name, digest)
    key = paths.asset_key(context.subject, named)
    content_type = paths.content_type(key)
    context.storage.put_file(key, file, content_type=content_type)
    with context.sessions.begin() as session:
        asset = find_asset(session, broadcast_id=context.subject, kind=kind)
        former = asset.object_key if asset is not None else key
        if asset is None:
            asset = Asset(broadcast_id=context.subject, kind=kind, created_at=utc_now())
            session.add(asset)
        asset.object_key = key
        asset.content_type = content_type
        asset.size = file.stat().st_size
        asset.sha256 = digest
        asset.details = dict(details)
    if former != key:
        context.storage.delete(former)  # no row names it any more
    return named

"""Issue 6, promise 5: how soon nothing is left anywhere of what was not recorded."""

import sys
import time
from pathlib import Path
from urllib.parse import urljoin

from sqlalchemy import func, select

from bench.broadcast import Broadcast, database, make_crew, schedule, wait_for
from bench.encoder import Encoder
from bench.figures import Figure, at_least, at_most
from bench.house import House, house
from bench.lengths import length
from core.settings import Settings
from media import hls, paths
from media.models import Asset, Ingest, Rendition, Run, Segment, TextTrack, Upload
from media.storage import S3Storage
from streams.removal.models import Removal
from web.home import load_settings

ISSUE = 5  # the promise of the issue
OK, NOT_FOUND = 200, 404
PROMISED_SECONDS = 120
"""The clock looks once a minute; the node itself asks for it at the end, thirty seconds ahead."""
TABLES = (Segment, Rendition, Run, Ingest, Asset, TextTrack, Upload)


def measure() -> list[Figure]:
    with house() as site:
        broadcast = schedule(site, make_crew(site), recorded=False)
        encoder = Encoder(broadcast.push_url)
        try:
            wait_for(lambda: broadcast.master, 60, "a playlist")
            time.sleep(length("NOT_RECORDED_SECONDS", 30, 15))
            seen = fetch_all(site, broadcast)
        finally:
            encoder.stop()
        settings = load_settings({"MINDCAST_HOME": str(site.home)})
        broadcast_id = broadcast.id
        before = cached(site.home, broadcast_id)
        broadcast.end()
        return figures(site, settings, broadcast_id, seen, before)


def figures(
    site: House, settings: Settings, broadcast_id: str, seen: set[str], before: int
) -> list[Figure]:
    """Wait for each place to be empty; seconds since the end."""
    began = time.monotonic()
    storage = S3Storage.from_settings(settings)
    prefix = paths.broadcast_prefix(broadcast_id)
    looks = {
        "every address that was fetched answers 404": lambda: all_gone(site, seen),
        "the storage has no object": lambda: not any(storage.list_keys(prefix)),
        "the node has no file": lambda: not files(settings, broadcast_id),
        "the tables of media have no row": lambda: not rows(site, broadcast_id),
        "the edge has no file": lambda: not cached(site.home, broadcast_id),
    }
    found = []
    for name, look in looks.items():
        wait_for(look, PROMISED_SECONDS * 2, name)
        seconds = time.monotonic() - began
        found.append(at_most(ISSUE, name, seconds, "s after the end", PROMISED_SECONDS))
    with database(site) as session:
        receipt = session.scalars(select(Removal)).one()
        objects = receipt.objects
        done = receipt.done_at is not None
    storage.close()
    if not done:
        sys.exit("there is no receipt")
    return [
        *found,
        at_least(ISSUE, "addresses that were fetched through the edge", len(seen), "", 10),
        at_least(ISSUE, "files that the edge had kept", before, "", 1),
        at_least(ISSUE, "objects on the receipt", objects, "", 10),
    ]


def fetch_all(site: House, broadcast: Broadcast) -> set[str]:
    """Load every playlist and every piece of them as viewers do; return their addresses."""
    master = broadcast.master
    seen = {master}
    for uri in hls.parse_master(site.get(master).body.decode()).uris():
        playlist = urljoin(master, uri)
        seen.add(playlist)
        for one in hls.parse_media_playlist(site.get(playlist).body.decode()).segments:
            seen |= {urljoin(playlist, one.uri), urljoin(playlist, str(one.init_uri))}
    wrong = {url for url in seen if site.get(url).status != OK}
    if wrong:
        sys.exit(f"{len(wrong)} addresses cannot be loaded while it is live")
    return seen


def all_gone(site: House, seen: set[str]) -> bool:
    return all(site.get(url).status == NOT_FOUND for url in sorted(seen))


def files(settings: Settings, broadcast_id: str) -> list[Path]:
    folders = (settings.spool / broadcast_id, settings.journal / broadcast_id)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def rows(site: House, broadcast_id: str) -> int:
    with database(site) as session:
        counts = (
            select(func.count()).where(table.broadcast_id == broadcast_id) for table in TABLES
        )
        return sum(session.scalar(count) or 0 for count in counts)


def cached(home: Path, broadcast_id: str) -> int:
    """Return how many files the edge keeps of the broadcast's media; their keys say whose."""
    mark = f"/media/{broadcast_id}/".encode()
    kept = 0
    for path in home.rglob("cache/*/**/*"):
        try:
            kept += path.is_file() and mark in path.read_bytes()[:4096]
        except OSError:  # the edge has just removed it
            continue
    return kept

"""What playlists list, fetched and compared with the rows."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from bench.broadcast import Broadcast, database, wait_for
from bench.house import House
from media import paths
from media.hls.parse import MediaPlaylist, parse_media_playlist
from media.models import InitSegment, Rendition, Segment


@dataclass
class Listed:
    """The playlists of one moment: addresses by rendition, and their texts."""

    folder: str
    texts: dict[str, str]

    @property
    def parsed(self) -> dict[str, MediaPlaylist]:
        """The playlists, taken apart."""
        return {name: parse_media_playlist(text) for name, text in self.texts.items()}

    def segments(self) -> list[str]:
        """Return the addresses of all segments."""
        return [
            f"{self.folder}{name}/{one.uri}"
            for name, playlist in self.parsed.items()
            for one in playlist.segments
        ]

    def inits(self) -> list[str]:
        """Return the addresses of all init segments, each once."""
        found = [
            f"{self.folder}{name}/{one.init_uri}"
            for name, playlist in self.parsed.items()
            for one in playlist.segments
        ]
        return list(dict.fromkeys(found))

    def seconds(self, rendition: str) -> float:
        """Return how much media a rendition lists."""
        return sum(one.duration_us for one in self.parsed[rendition].segments) / 1_000_000


def renditions_of(master: str) -> list[str]:
    """Return the names that a master playlist gives, in its order."""
    lines = master.splitlines() if master.startswith("#EXTM3U") else []
    return [line.partition("/")[0] for line in lines if line and line[0] != "#"]


def read_listed(broadcast: Broadcast, headers: dict[str, str] | None = None) -> Listed:
    """Fetch the master and every media playlist, with these headers."""
    site, folder = broadcast.site, broadcast.folder
    master = site.get(f"{folder}master.m3u8", headers=headers).body.decode()
    texts = {
        name: site.get(f"{folder}{name}/index.m3u8", headers=headers).body.decode()
        for name in renditions_of(master)
    }
    return Listed(folder, texts)


def read_ended(broadcast: Broadcast, seconds: float = 60) -> Listed:
    """Wait until every playlist says that nothing more comes; return them."""

    def ended() -> Listed | None:
        listed = read_listed(broadcast)
        playlists = listed.parsed.values()
        return listed if playlists and all(one.ended for one in playlists) else None

    return wait_for(ended, seconds, "the playlists' end")


def digests(site: House, urls: list[str]) -> dict[str, str]:
    """Fetch every address; return the SHA-256 of each, or its status where it is not 200."""
    found = {}
    for url in urls:
        answer = site.get(url)
        found[url] = (
            hashlib.sha256(answer.body).hexdigest()
            if answer.status == 200  # noqa: PLR2004 -- HTTP's OK
            else str(answer.status)
        )
    return found


def stored_digests(broadcast: Broadcast) -> dict[str, str]:
    """Return what the rows say of every segment and init segment, by address."""
    with database(broadcast.site) as session:
        segments = session.execute(
            select(Segment.object_key, Segment.sha256).where(Segment.broadcast_id == broadcast.id)
        ).all()
        inits = session.execute(
            select(InitSegment.object_key, InitSegment.sha256)
            .join(Rendition, Rendition.id == InitSegment.rendition_id)
            .where(Rendition.broadcast_id == broadcast.id)
        ).all()
    base = broadcast.folder.partition("/media/")[0]
    return {base + paths.url_of_key(key): digest for key, digest in (*segments, *inits)}


def wrong(found: dict[str, str], stored: dict[str, str]) -> list[str]:
    """Return the addresses whose bytes are not what their row says."""
    return [url for url, digest in found.items() if stored.get(url) != digest]

"""The grammar of media addresses, object keys and spool files; no other module knows it.

One relative path names an object in three places::

    /media/<broadcast>/<rest>        the address viewers use
    broadcasts/<broadcast>/<rest>    the key in the bucket
    <spool>/<broadcast>/<rest>       the file on the node that made it

``<rest>`` is one of ``master.m3u8``, ``<rendition>/index.m3u8``, ``<rendition>/<run>-init.mp4``,
``<rendition>/<run>-<sequence>.m4s`` and ``assets/<name>``. Everything else is refused, so no text
that came from outside can climb out of its broadcast.

What was asked in the room of a broadcast is kept as ``broadcasts/<broadcast>/room.json``: it goes
with the broadcast, and no address leads to it, as it tells of what may have been cut off.

Pages of licences have keys as well, ``documents/<id>``, slides of hosts, ``slides/<id>``, and what
is handed out, ``handouts/<id>``. They have no address: ``read_key`` refuses them, so that neither
playback nor the edge can be asked for one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from media.errors import NoSuchMedia, NotAMediaKeyError

URL_PREFIX: Final = "/media/"
KEY_PREFIX: Final = "broadcasts/"
DOCUMENT_PREFIX: Final = "documents/"
SLIDES_PREFIX: Final = "slides/"
HANDOUTS_PREFIX: Final = "handouts/"
UPLOADS_PREFIX: Final = "uploads/"
MASTER: Final = "master.m3u8"
INDEX: Final = "index.m3u8"
ROOM: Final = "room.json"
ASSETS: Final = "assets"

_NUMBER: Final = r"(?:0|[1-9][0-9]{0,8})"  # one spelling per number: no leading zeros
_BROADCAST: Final = re.compile(r"[0-9a-z]{16}")
_RENDITION: Final = re.compile(rf"(?!{ASSETS}\Z)[a-z0-9]{{1,20}}")
_ASSET: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:jpg|m4a|mp4|vtt|json)")
_SEGMENT: Final = re.compile(rf"({_NUMBER})-({_NUMBER})\.m4s")
_INIT: Final = re.compile(rf"({_NUMBER})-init\.mp4")
_LONGEST: Final = 200  # Segment.object_key holds no more

CONTENT_TYPES: Final = {
    "m3u8": "application/vnd.apple.mpegurl",
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "jpg": "image/jpeg",
    "vtt": "text/vtt; charset=utf-8",
}


class MediaKind(StrEnum):
    """What a media address names."""

    MASTER = "master"
    PLAYLIST = "playlist"
    INIT = "init"
    SEGMENT = "segment"
    ASSET = "asset"


@dataclass(frozen=True, slots=True)
class MediaPath:
    """A media address, taken apart; fields that its kind has not are empty or -1."""

    broadcast_id: str
    kind: MediaKind
    rendition: str = ""
    run: int = -1
    sequence: int = -1
    asset: str = ""


def master_url(broadcast_id: str) -> str:
    """Return the address that players are given (``playback_url``)."""
    return url_of_key(master_key(broadcast_id))


def playlist_url(broadcast_id: str, rendition: str) -> str:
    """Return the address of the media playlist of one rendition."""
    return url_of_key(playlist_key(broadcast_id, rendition))


def master_key(broadcast_id: str) -> str:
    """Return the key of the master playlist of an ended broadcast."""
    return _key(broadcast_id, MASTER)


def playlist_key(broadcast_id: str, rendition: str) -> str:
    """Return the key of the final media playlist of one rendition."""
    return _key(broadcast_id, f"{rendition}/{INDEX}")


def init_key(broadcast_id: str, rendition: str, run: int) -> str:
    """Return the key of the init segment (``EXT-X-MAP``) of one run."""
    return _key(broadcast_id, f"{rendition}/{run}-init.mp4")


def segment_key(broadcast_id: str, rendition: str, run: int, sequence: int) -> str:
    """Return the key of one segment; ``run`` makes it unique should two packagers ever meet."""
    return _key(broadcast_id, f"{rendition}/{run}-{sequence}.m4s")


def asset_key(broadcast_id: str, name: str) -> str:
    """Return the key of something made from the broadcast, for example ``poster-1a2b3c4d.jpg``."""
    return _key(broadcast_id, f"{ASSETS}/{name}")


def document_key(document_id: str) -> str:
    """Return the key of a sealed page of a licence; no address leads to it."""
    if not _BROADCAST.fullmatch(document_id):
        raise NotAMediaKeyError(document_id)
    return f"{DOCUMENT_PREFIX}{document_id}"


def room_key(broadcast_id: str) -> str:
    """Return the key of what was asked in the room of a broadcast; no address leads to it."""
    return f"{broadcast_prefix(broadcast_id)}{ROOM}"


def upload_prefix(upload_id: str) -> str:
    """Return what the keys of all parts of an upload begin with; no address leads to them."""
    return f"{UPLOADS_PREFIX}{upload_id}/"


def slides_key(slides_id: str) -> str:
    """Return the key of the PDF of some slides; no address leads to it."""
    if not _BROADCAST.fullmatch(slides_id):
        raise NotAMediaKeyError(slides_id)
    return f"{SLIDES_PREFIX}{slides_id}"


def handout_key(handout_id: str) -> str:
    """Return the key of a hand-out; no address of media leads to it."""
    if not _BROADCAST.fullmatch(handout_id):
        raise NotAMediaKeyError(handout_id)
    return f"{HANDOUTS_PREFIX}{handout_id}"


def slides_of_key(key: str) -> str:
    """Return the id in the key of slides; the other way round of :func:`slides_key`."""
    slides_id = key.removeprefix(SLIDES_PREFIX)
    if slides_key(slides_id) != key:
        raise NotAMediaKeyError(key)
    return slides_id


def hashed_name(name: str, sha256: str) -> str:
    """Return ``name`` with eight digits of its content's hash: ``poster-1a2b3c4d.jpg``."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{sha256[:8]}{dot}{suffix}"


def broadcast_prefix(broadcast_id: str) -> str:
    """Return what all keys of one broadcast begin with; only for listing and deleting."""
    if not _BROADCAST.fullmatch(broadcast_id):
        raise NotAMediaKeyError(broadcast_id)
    return f"{KEY_PREFIX}{broadcast_id}/"


def url_of_key(key: str) -> str:
    """Return the address of ``key``: a path without a host, so that any edge can serve it.

    Raises:
        NoSuchMedia: ``key`` is not of our grammar.
    """
    read_key(key)
    return URL_PREFIX + key.removeprefix(KEY_PREFIX)


def key_of_url(path: str) -> str:
    """Return the key of the address ``path``, already percent-decoded and without a query.

    Raises:
        NoSuchMedia: ``path`` climbs, has encoded or doubled parts, or is otherwise none of ours.
    """
    if not path.startswith(URL_PREFIX):
        raise NoSuchMedia
    key = KEY_PREFIX + path.removeprefix(URL_PREFIX)
    read_key(key)
    return key


def read_key(key: str) -> MediaPath:
    """Take ``key`` apart.

    Raises:
        NoSuchMedia: ``key`` is not of our grammar.
    """
    broadcast_id, slash, rest = key.removeprefix(KEY_PREFIX).partition("/")
    well_begun = key.startswith(KEY_PREFIX) and slash and len(key) <= _LONGEST
    if not well_begun or not _BROADCAST.fullmatch(broadcast_id):
        raise NoSuchMedia
    if rest == MASTER:
        return MediaPath(broadcast_id, MediaKind.MASTER)
    return _read_file(broadcast_id, *_split(rest))


def uri_in_playlist(key: str) -> str:
    """Return how a media playlist names a file beside it: short, and the same on any edge."""
    return key.rpartition("/")[2]


def uri_in_master(rendition: str) -> str:
    """Return how the master playlist names the media playlist of ``rendition``."""
    return f"{rendition}/{INDEX}"


def spool_path(spool: Path, key: str) -> Path:
    """Return the file of ``key`` below ``spool``.

    Raises:
        NoSuchMedia: ``key`` is not of our grammar, so it could lie anywhere.
    """
    read_key(key)
    return spool / key.removeprefix(KEY_PREFIX)


def content_type(key: str) -> str:
    """Return the media type to store and serve ``key`` with."""
    return CONTENT_TYPES.get(key.rpartition(".")[2], "application/octet-stream")


def _split(rest: str) -> tuple[str, str]:
    folder, slash, name = rest.partition("/")
    if not slash:
        raise NoSuchMedia
    return folder, name


def _read_file(broadcast_id: str, folder: str, name: str) -> MediaPath:
    if folder == ASSETS:
        if not _ASSET.fullmatch(name):
            raise NoSuchMedia
        return MediaPath(broadcast_id, MediaKind.ASSET, asset=name)
    if not _RENDITION.fullmatch(folder):
        raise NoSuchMedia
    if name == INDEX:
        return MediaPath(broadcast_id, MediaKind.PLAYLIST, folder)
    if found := _INIT.fullmatch(name):
        return MediaPath(broadcast_id, MediaKind.INIT, folder, int(found[1]))
    if found := _SEGMENT.fullmatch(name):
        return MediaPath(broadcast_id, MediaKind.SEGMENT, folder, int(found[1]), int(found[2]))
    raise NoSuchMedia


def _key(broadcast_id: str, rest: str) -> str:
    key = f"{KEY_PREFIX}{broadcast_id}/{rest}"
    try:
        read_key(key)
    except NoSuchMedia:
        raise NotAMediaKeyError(key) from None
    return key

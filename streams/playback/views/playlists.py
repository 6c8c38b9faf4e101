"""Playlists, as text or compressed."""

import gzip
from functools import lru_cache

from flask import Response, request
from sqlalchemy.orm import Session

from core.clock import utc_now
from media.errors import NoSuchMedia, NotYetPlayable
from media.paths import CONTENT_TYPES, MediaKind, MediaPath
from media.playlists import Playlist, master_playlist, media_playlist
from streams.playback.rules import GateAnswer
from streams.playback.views.answers import cache_control, empty, is_known, unchanged

ENDED_SECONDS = 4  # a replay may be cut, and that has to hold within ten
LEVEL = 5  # an hour's playlist: 2 ms and 6 % of its size; 9 costs ten times that for nothing


def answer_playlist(session: Session, path: MediaPath, answer: GateAnswer) -> Response:
    """Answer with a master or a media playlist, as a delta where ``_HLS_skip`` asks for one."""
    try:
        playlist = _playlist(session, path)
    except (NoSuchMedia, NotYetPlayable):
        return empty(404)
    response = Response(content_type=CONTENT_TYPES["m3u8"])
    response.set_etag(
        playlist.etag.strip('"'), weak=True
    )  # one tag for both codings, as nginx has it
    response.headers["Cache-Control"] = _caching(playlist, answer)
    response.vary.add("Accept-Encoding")
    if not playlist.ended:
        # nginx counts whole seconds: "for 1 s" is up to two, "until this second is over" up to one.
        response.headers["X-Accel-Expires"] = f"@{int(utc_now().timestamp())}"
    if is_known(response):
        return unchanged(response)
    if request.accept_encodings.quality("gzip") > 0:
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(compressed(playlist.text))
    else:
        response.set_data(playlist.text.encode())
    return response


@lru_cache(maxsize=32)
def compressed(text: str) -> bytes:
    """Return ``text`` as gzip; those who ask within the same second share the work."""
    return gzip.compress(text.encode(), LEVEL, mtime=0)


def _playlist(session: Session, path: MediaPath) -> Playlist:
    if path.kind is MediaKind.MASTER:
        return master_playlist(session, broadcast_id=path.broadcast_id, now=utc_now())
    return media_playlist(
        session,
        broadcast_id=path.broadcast_id,
        rendition=path.rendition,
        skip=request.args.get("_HLS_skip") in {"YES", "v2"},
        now=utc_now(),
    )


def _caching(playlist: Playlist, answer: GateAnswer) -> str:
    seconds = ENDED_SECONDS if playlist.ended else 1
    return cache_control(answer, shared=f"max-age={seconds}", personal="no-cache")

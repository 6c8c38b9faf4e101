"""The rules of one playlist text, each with a short name (media design, "HLS rules")."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from media.errors import MediaError
from media.hls.parse import MediaPlaylist, ParsedSegment, parse_media_playlist
from media.hls.render import SKIP_VERSION
from media.hls.rows import Finding

_LEAST_VERSION: Final = 6  # RFC 8216 7: EXT-X-MAP in a playlist of ordinary segments
_LEAST_SKIP: Final = 6  # target durations, 8216bis 4.4.3.8
_NEEDED: Final = {
    "EXT-X-VERSION": "version",
    "EXT-X-INDEPENDENT-SEGMENTS": "independent",
    "EXT-X-TARGETDURATION": "target",
    "EXT-X-MEDIA-SEQUENCE": "sequence",
    "EXT-X-DISCONTINUITY-SEQUENCE": "discontinuity-sequence",
}


def check_playlist(text: str) -> list[Finding]:
    """Return every broken rule of one media playlist, full or delta; none means it is sound."""
    try:
        playlist = parse_media_playlist(text)
    except MediaError as error:
        return [Finding("unreadable", str(error))]
    found = (
        [] if text.startswith("#EXTM3U\n") else [Finding("header", "does not begin with #EXTM3U")]
    )
    return found + check_parsed(playlist)


def check_parsed(playlist: MediaPlaylist) -> list[Finding]:
    """Return every broken rule of one playlist that has been parsed."""
    return [finding for check in _CHECKS for finding in check(playlist)]


def _check_header(playlist: MediaPlaylist) -> Iterator[Finding]:
    for tag, rule in _NEEDED.items():
        if tag not in playlist.tags:
            yield Finding(rule, f"{tag} is missing")
    version = int(playlist.tags.get("EXT-X-VERSION", SKIP_VERSION))
    least = SKIP_VERSION if playlist.skipped else _LEAST_VERSION
    if version < least:
        yield Finding("version", f"EXT-X-VERSION is {version}, needed is {least}")


def _check_type(playlist: MediaPlaylist) -> Iterator[Finding]:
    wanted = "VOD" if playlist.ended else "EVENT"
    if playlist.playlist_type != wanted:
        yield Finding("type", f"the type is {playlist.playlist_type or 'missing'}, not {wanted}")


def _check_durations(playlist: MediaPlaylist) -> Iterator[Finding]:
    if not playlist.segments:
        yield Finding("empty", "there is no segment")
    if "EXT-X-TARGETDURATION" not in playlist.tags:
        return
    longest_us = playlist.target_duration * 1_000_000 + 500_000
    for one in playlist.segments:
        if not 0 < one.duration_us < longest_us:  # rounded to a whole second, at most the target
            seconds = one.duration_us / 1_000_000
            yield Finding(
                "duration", f"{one.uri} lasts {seconds} s, target {playlist.target_duration}"
            )


def _check_maps(playlist: MediaPlaylist) -> Iterator[Finding]:
    for one in playlist.segments:
        if not one.init_uri:
            yield Finding("map", f"{one.uri} has no EXT-X-MAP above it")
        elif _begins_run(playlist, one) and "EXT-X-MAP" not in one.tags:
            yield Finding("map", f"{one.uri} begins a run without an EXT-X-MAP of its own")


def _check_times(playlist: MediaPlaylist) -> Iterator[Finding]:
    for one in playlist.segments:
        if _begins_run(playlist, one) and "EXT-X-PROGRAM-DATE-TIME" not in one.tags:
            yield Finding("time", f"{one.uri} has no EXT-X-PROGRAM-DATE-TIME")
    for one, following in pairwise(playlist.segments):
        if one.program_at and following.program_at and following.program_at <= one.program_at:
            yield Finding("time", f"{following.uri} is not later than {one.uri}")


def _check_uris(playlist: MediaPlaylist) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in playlist.segments:
        if one.uri in seen:
            yield Finding("uri", f"{one.uri} is listed twice")
        seen.add(one.uri)


def _check_skip(playlist: MediaPlaylist) -> Iterator[Finding]:
    boundary, least = playlist.can_skip_until, playlist.target_duration * _LEAST_SKIP
    if boundary and boundary < least:
        yield Finding("skip", f"CAN-SKIP-UNTIL is {boundary} s, at least {least} s are needed")
    if not playlist.skipped:
        return
    if playlist.ended:
        yield Finding("skip", "an ended playlist is sent as a delta update")
    if sum(one.duration_us for one in playlist.segments) < boundary * 1_000_000:
        yield Finding("skip", "segments after the skip boundary are skipped")


def _begins_run(playlist: MediaPlaylist, one: ParsedSegment) -> bool:
    return one is playlist.segments[0] or "EXT-X-DISCONTINUITY" in one.tags


_CHECKS: Final[tuple[Callable[[MediaPlaylist], Iterator[Finding]], ...]] = (
    _check_header,
    _check_type,
    _check_durations,
    _check_maps,
    _check_times,
    _check_uris,
    _check_skip,
)

"""The rules that hold between polls of one address: what a playlist may become."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from media.errors import MediaError
from media.hls.check import check_parsed, check_playlist
from media.hls.parse import (
    DeltaTooFarError,
    MediaPlaylist,
    ParsedSegment,
    merge_delta,
    parse_media_playlist,
)
from media.hls.rows import Finding

TIME_ROUNDING: Final = timedelta(milliseconds=2)
"""A time counted on from an earlier segment and one stated anew were each cut to a millisecond."""


def check_polls(texts: Sequence[str]) -> list[Finding]:
    """Return every broken rule of a sequence of answers to the same address, oldest first.

    Delta updates are merged with the answer before them, as a player does.
    """
    found: list[Finding] = []
    previous: MediaPlaylist | None = None
    for text in texts:
        found += check_playlist(text)
        try:
            answer = parse_media_playlist(text)
            full = merge_delta(previous, answer) if previous else answer
        except DeltaTooFarError as error:
            return [*found, Finding("delta", str(error))]
        except MediaError:
            continue  # already named by check_playlist
        if previous is not None:
            found += _check_merged(answer, full)
            found += check_step(previous, full)
        previous = full
    return found


def check_step(before: MediaPlaylist, after: MediaPlaylist) -> list[Finding]:
    """Return every broken rule between two full playlists of one address."""
    return [
        *_check_constants(before, after),
        *_check_type(before, after),
        *_check_kept(before, after),
    ]


def _check_merged(answer: MediaPlaylist, full: MediaPlaylist) -> list[Finding]:
    return check_parsed(full) if answer.skipped else []


def _check_constants(before: MediaPlaylist, after: MediaPlaylist) -> Iterator[Finding]:
    old, new = before.target_duration, after.target_duration
    if old != new:
        yield Finding("target-changed", f"EXT-X-TARGETDURATION went from {old} to {new}")
    if after.media_sequence < before.media_sequence:
        numbers = f"{before.media_sequence} to {after.media_sequence}"
        yield Finding("sequence-decreased", f"EXT-X-MEDIA-SEQUENCE went from {numbers}")
    if after.discontinuity_sequence != before.discontinuity_sequence:
        numbers = f"{before.discontinuity_sequence} to {after.discontinuity_sequence}"
        yield Finding("run-changed", f"EXT-X-DISCONTINUITY-SEQUENCE went from {numbers}")


def _check_type(before: MediaPlaylist, after: MediaPlaylist) -> Iterator[Finding]:
    if before.ended and not after.ended:
        yield Finding("after-end", "EXT-X-ENDLIST has gone again")
    elif before.ended and len(after.segments) != len(before.segments):
        yield Finding("after-end", "the segments changed after EXT-X-ENDLIST")


def _check_kept(before: MediaPlaylist, after: MediaPlaylist) -> Iterator[Finding]:
    if after.media_sequence < before.media_sequence:
        return  # named already; positions cannot be compared
    listed = {one.sequence: one for one in after.segments}
    for old in before.segments:
        new = listed.get(old.sequence)
        if new is None and not before.ended:
            yield Finding("removed", f"{old.uri} (number {old.sequence}) is no longer listed")
        elif new is not None and (_facts(new) != _facts(old) or _moved(old, new)):
            yield Finding("changed", f"number {old.sequence} was {old}, is {new}")


def _facts(one: ParsedSegment) -> tuple[object, ...]:
    return one.uri, one.duration_us, one.run_number, one.init_uri


def _moved(old: ParsedSegment, new: ParsedSegment) -> bool:
    if old.program_at is None or new.program_at is None:
        return old.program_at is not new.program_at
    return abs(new.program_at - old.program_at) > TIME_ROUNDING

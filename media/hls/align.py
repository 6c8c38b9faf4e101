"""The rules between renditions of one broadcast: a player may change over at any run."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from media.hls.parse import MediaPlaylist, parse_media_playlist
from media.hls.rows import Finding


def check_renditions(texts: Mapping[str, str]) -> list[Finding]:
    """Return every broken rule between full playlists of renditions, by name, read at one moment.

    While live, a rendition may be one run behind: the answers were not given in the same instant.
    """
    parsed = {name: parse_media_playlist(text) for name, text in texts.items()}
    names = iter(parsed)
    first = next(names, "")
    return [
        finding
        for other in names
        for finding in _check_pair(first, parsed[first], other, parsed[other])
    ]


def _check_pair(
    name: str, one: MediaPlaylist, other_name: str, other: MediaPlaylist
) -> Iterator[Finding]:
    runs, other_runs = _starts(one), _starts(other)
    behind = 0 if one.ended and other.ended else 1
    shared = min(len(runs), len(other_runs))
    if (
        abs(len(runs) - len(other_runs)) > behind
        or list(runs)[:shared] != list(other_runs)[:shared]
    ):
        yield Finding("runs", f"{name} has runs {list(runs)}, {other_name} has {list(other_runs)}")
        return
    slack = max(one.target_duration, other.target_duration)
    for run in list(runs)[:shared]:
        apart = _apart(runs[run], other_runs[run])
        if apart > slack:
            yield Finding(
                "starts", f"run {run} of {name} and {other_name} begin {apart:.1f} s apart"
            )


def _apart(one: datetime | None, other: datetime | None) -> float:
    return abs((one - other).total_seconds()) if one and other else 0.0


def _starts(playlist: MediaPlaylist) -> dict[int, datetime | None]:
    """Return when each run begins, in order."""
    starts: dict[int, datetime | None] = {}
    for segment in playlist.segments:
        starts.setdefault(segment.run_number, segment.program_at)
    return starts

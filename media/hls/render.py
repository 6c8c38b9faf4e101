"""Rows to playlist text.

A playlist is a header and one block per segment. A block depends only on its row and the one
before, so a playlist that grows is rendered by adding blocks (``media.playlists`` does).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from core.clock import rfc3339
from media.errors import NotYetPlayable
from media.hls.rows import SegmentRow, SoundRow, VariantRow

SKIP_TARGETS: Final = 12
"""Skip boundary in target durations. 8216bis 4.4.3.8 asks for at least 6; a player may ask for a
delta only while its copy is younger than half of it, so 12 lets a slow poll be late."""
TIME_SLACK: Final = timedelta(milliseconds=1)  # what PROGRAM-DATE-TIME itself rounds away

VERSION: Final = 7
SKIP_VERSION: Final = 9  # 8216bis 8: EXT-X-SKIP needs protocol version 9


def render_media_playlist(
    segments: Sequence[SegmentRow], *, target_duration: int, ended: bool, skip: bool
) -> str:
    """Return the media playlist of ``segments``, which have consecutive sequence numbers.

    Args:
        segments: All listed segments, oldest first.
        target_duration: Seconds; the same in every rendering of one playlist.
        ended: Whether no segment will follow: then VOD with ENDLIST, else EVENT.
        skip: Whether the player asked for a delta update (``_HLS_skip``).

    Raises:
        NotYetPlayable: There is no segment; a playlist without one makes players fail.
    """
    if not segments:
        raise NotYetPlayable
    skipped = skippable(segments, target_duration) if skip and not ended else 0
    head = header(segments[0], target_duration=target_duration, ended=ended)
    if skipped:
        return head + skip_tag(skipped) + delta_blocks(segments, skipped)
    blocks = map(segment_block, segments, (None, *segments[:-1]))
    return head + "".join(blocks) + (ENDLIST if ended else "")


ENDLIST: Final = "#EXT-X-ENDLIST\n"


def header(first: SegmentRow, *, target_duration: int, ended: bool) -> str:
    """Return the tags above the first segment; constant while live, and again after the end."""
    control = f"#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL={target_duration * SKIP_TARGETS:.1f}\n"
    return (
        "#EXTM3U\n"
        f"#EXT-X-VERSION:{VERSION if ended else SKIP_VERSION}\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        f"#EXT-X-TARGETDURATION:{target_duration}\n"
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if ended else 'EVENT'}\n"
        f"{'' if ended else control}"
        f"#EXT-X-MEDIA-SEQUENCE:{first.sequence}\n"
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.run_number}\n"
    )


def segment_block(row: SegmentRow, previous: SegmentRow | None) -> str:
    """Return the lines of one segment after ``previous``."""
    return _tags(row, previous) + _media(row)


def delta_blocks(segments: Sequence[SegmentRow], skipped: int) -> str:
    """Return the blocks after ``skipped`` segments.

    The first one repeats MAP and PROGRAM-DATE-TIME, which otherwise lie in the skipped part: they
    say nothing new, and a player that does not carry them over can go on all the same.
    """
    first, before = segments[skipped], segments[skipped - 1] if skipped else None
    opening = _tags(first, before)
    if "EXT-X-MAP" not in opening:
        opening = _map_tag(first) + _time_tag(first)
    following = map(segment_block, segments[skipped + 1 :], segments[skipped:-1])
    return opening + _media(first) + "".join(following)


def skip_tag(skipped: int) -> str:
    """Return the tag that stands for the first ``skipped`` segments."""
    return f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}\n"


def skippable(segments: Sequence[SegmentRow], target_duration: int) -> int:
    """Return how many segments lie wholly before the skip boundary (8216bis 6.2.5.1)."""
    boundary_us = target_duration * SKIP_TARGETS * 1_000_000
    kept_us = 0
    for kept, row in enumerate(reversed(segments)):
        if kept_us >= boundary_us:
            return len(segments) - kept
        kept_us += row.duration_us
    return 0


def render_master(variants: Sequence[VariantRow], sounds: Sequence[SoundRow] = ()) -> str:
    """Return the master playlist: pictures best first, sound alone last.

    Players take the first variant they can play to begin with, so one without a picture is last.
    """
    media = "".join(f"#EXT-X-MEDIA:{_sound_attributes(row)}\n" for row in sounds)
    ordered = sorted(variants, key=lambda row: (row.height == 0, -row.bandwidth))
    body = "".join(f"#EXT-X-STREAM-INF:{_attributes(row)}\n{row.uri}\n" for row in ordered)
    return f"#EXTM3U\n#EXT-X-VERSION:{VERSION}\n#EXT-X-INDEPENDENT-SEGMENTS\n{media}{body}"


def _sound_attributes(row: SoundRow) -> str:
    language = f'LANGUAGE="{row.language}",' if row.language else ""
    return (
        f'TYPE=AUDIO,GROUP-ID="{row.group}",NAME="{row.name}",{language}'
        f'DEFAULT=YES,AUTOSELECT=YES,URI="{row.uri}"'
    )


def _attributes(row: VariantRow) -> str:
    parts = [f"BANDWIDTH={row.bandwidth}", f"AVERAGE-BANDWIDTH={row.average_bandwidth}"]
    if row.codecs:
        parts.append(f'CODECS="{row.codecs}"')
    if row.height:
        parts.append(f"RESOLUTION={row.width}x{row.height}")
    if row.height and row.frame_rate:
        parts.append(f"FRAME-RATE={row.frame_rate:.3f}")
    if row.sound_group:
        parts.append(f'AUDIO="{row.sound_group}"')
    return ",".join(parts)


def _tags(row: SegmentRow, previous: SegmentRow | None) -> str:
    if previous is None:
        return _map_tag(row) + _time_tag(row)
    if row.run_number != previous.run_number:
        return "#EXT-X-DISCONTINUITY\n" + _map_tag(row) + _time_tag(row)
    drift = abs(row.program_at - previous.ends_at)
    return _time_tag(row) if drift >= TIME_SLACK else ""


def _media(row: SegmentRow) -> str:
    seconds, micros = divmod(row.duration_us, 1_000_000)
    return f"#EXTINF:{seconds}.{micros:06d},\n{row.uri}\n"


def _map_tag(row: SegmentRow) -> str:
    return f'#EXT-X-MAP:URI="{row.init_uri}"\n'


def _time_tag(row: SegmentRow) -> str:
    return f"#EXT-X-PROGRAM-DATE-TIME:{rfc3339(row.program_at)}\n"

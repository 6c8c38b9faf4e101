"""Playlists as pure functions of rows, their parser, and a checker of every rule we hold.

Source: RFC 8216, its successor draft-pantos-hls-rfc8216bis (delta updates), and Apple's HLS
authoring specification.
"""

from media.hls.align import check_renditions
from media.hls.check import check_playlist
from media.hls.master import MasterPlaylist, check_master, parse_master
from media.hls.parse import MediaPlaylist, ParsedSegment, merge_delta, parse_media_playlist
from media.hls.polls import check_polls
from media.hls.render import render_master, render_media_playlist
from media.hls.rows import Finding, SegmentRow, SoundRow, VariantRow

__all__ = [
    "Finding",
    "MasterPlaylist",
    "MediaPlaylist",
    "ParsedSegment",
    "SegmentRow",
    "SoundRow",
    "VariantRow",
    "check_master",
    "check_playlist",
    "check_polls",
    "check_renditions",
    "merge_delta",
    "parse_master",
    "parse_media_playlist",
    "render_master",
    "render_media_playlist",
]

"""The FLV container: what the RTMP door writes into the journal and the packager reads from it.

Source: Adobe, Video File Format Specification 10.1, annex E; Enhanced RTMP v2 for the newer codecs.
"""

from media.flv.codecs import (
    AacShape,
    AudioPacket,
    PacketKind,
    VideoPacket,
    aac_config,
    audio_codec,
    contains_idr,
    is_aac_sequence_header,
    is_avc_sequence_header,
    is_video_keyframe,
    read_audio,
    read_video,
    video_codec,
)
from media.flv.errors import FlvError
from media.flv.sps import AvcShape, parse_sps
from media.flv.tags import (
    AUDIO,
    HEADER_SIZE,
    SCRIPT,
    VIDEO,
    Tag,
    header,
    iter_tags,
    read_tags,
    write_tag,
)

__all__ = [
    "AUDIO",
    "HEADER_SIZE",
    "SCRIPT",
    "VIDEO",
    "AacShape",
    "AudioPacket",
    "AvcShape",
    "FlvError",
    "PacketKind",
    "Tag",
    "VideoPacket",
    "aac_config",
    "audio_codec",
    "contains_idr",
    "header",
    "is_aac_sequence_header",
    "is_avc_sequence_header",
    "is_video_keyframe",
    "iter_tags",
    "parse_sps",
    "read_audio",
    "read_tags",
    "read_video",
    "video_codec",
    "write_tag",
]

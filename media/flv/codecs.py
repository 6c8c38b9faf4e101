"""What the payload of a tag is: codec, keyframe, configuration or frame."""

from dataclasses import dataclass
from enum import StrEnum

from media.flv.bits import BitReader
from media.flv.errors import FlvError

VIDEO_CODECS = {
    2: "sorenson-h263",
    3: "screen",
    4: "vp6",
    5: "vp6-alpha",
    6: "screen2",
    7: "avc",
    12: "hvc1",  # not Adobe's: how encoders sent HEVC before Enhanced RTMP
}
AUDIO_CODECS = {
    0: "pcm",
    1: "adpcm",
    2: "mp3",
    3: "pcm",
    4: "nellymoser",
    5: "nellymoser",
    6: "nellymoser",
    7: "alaw",
    8: "mulaw",
    10: "aac",
    11: "speex",
    14: "mp3",
}
FOURCC_NAMES = {"avc1": "avc", "mp4a": "aac", ".mp3": "mp3"}  # the others keep their own name
ENHANCED_AUDIO = 9
KEYFRAME = 1
IDR = 5  # NAL unit type (ITU-T H.264, table 7-1)
SAMPLE_RATES = (
    *(96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050),
    *(16000, 12000, 11025, 8000, 7350),
)
CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)
SBR_TYPES = (5, 29)  # HE-AAC and HE-AAC v2 say their doubled rate after the core's


class PacketKind(StrEnum):
    """What a payload carries."""

    CONFIG = "config"
    FRAME = "frame"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class VideoPacket:
    """A video payload taken apart; ``data`` is what follows FLV's own bytes."""

    codec: str
    kind: PacketKind
    keyframe: bool
    composition_ms: int
    data: bytes


@dataclass(frozen=True, slots=True)
class AudioPacket:
    """An audio payload taken apart."""

    codec: str
    kind: PacketKind
    data: bytes


@dataclass(frozen=True, slots=True)
class AacShape:
    """An AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); ``codec`` is its RFC 6381 string."""

    object_type: int
    sample_rate: int
    channels: int
    codec: str


def read_video(payload: bytes) -> VideoPacket:
    """Take a video payload apart, legacy or enhanced.

    Raises:
        FlvError: it is shorter than its own header.
    """
    first = _byte(payload, 0, "video")
    if first & 0x80:
        return _read_enhanced_video(payload)
    codec = VIDEO_CODECS.get(first & 0x0F, f"video-{first & 0x0F}")
    keyframe = first >> 4 == KEYFRAME
    if codec not in {"avc", "hvc1"}:
        return VideoPacket(codec, PacketKind.FRAME, keyframe, 0, payload[1:])
    kind = _kind(_byte(payload, 1, "video"), config=0, frames=(1,))
    return VideoPacket(codec, kind, keyframe, _signed24(payload, 2), payload[5:])


def _read_enhanced_video(payload: bytes) -> VideoPacket:
    codec = _fourcc(payload, "video")
    packet = payload[0] & 0x0F
    keyframe = (payload[0] >> 4) & 0x07 == KEYFRAME
    kind = _kind(packet, config=0, frames=(1, 3))
    timed = packet == 1 and codec in {"avc", "hvc1"}  # only these two reorder pictures
    composition = _signed24(payload, 5) if timed else 0
    return VideoPacket(codec, kind, keyframe, composition, payload[8 if timed else 5 :])


def read_audio(payload: bytes) -> AudioPacket:
    """Take an audio payload apart, legacy or enhanced.

    Raises:
        FlvError: it is shorter than its own header.
    """
    first = _byte(payload, 0, "audio")
    number = first >> 4
    if number == ENHANCED_AUDIO:
        codec = _fourcc(payload, "audio")
        return AudioPacket(codec, _kind(first & 0x0F, config=0, frames=(1,)), payload[5:])
    codec = AUDIO_CODECS.get(number, f"audio-{number}")
    if codec != "aac":
        return AudioPacket(codec, PacketKind.FRAME, payload[1:])
    kind = _kind(_byte(payload, 1, "audio"), config=0, frames=(1,))
    return AudioPacket(codec, kind, payload[2:])


def video_codec(payload: bytes) -> str:
    """Return ``avc``, an enhanced four-character code (``hvc1``, ``av01``, ``vp09``) or a name."""
    return read_video(payload).codec


def audio_codec(payload: bytes) -> str:
    """Return ``aac``, an enhanced four-character code (``Opus``, ``fLaC``) or a name."""
    return read_audio(payload).codec


def is_video_keyframe(payload: bytes) -> bool:
    """Tell whether this is a picture marked as a keyframe; a sequence header is none."""
    packet = read_video(payload)
    return packet.keyframe and packet.kind == PacketKind.FRAME


def is_avc_sequence_header(payload: bytes) -> bool:
    """Tell whether this is an AVCDecoderConfigurationRecord."""
    packet = read_video(payload)
    return packet.codec == "avc" and packet.kind == PacketKind.CONFIG


def is_aac_sequence_header(payload: bytes) -> bool:
    """Tell whether this is an AudioSpecificConfig."""
    packet = read_audio(payload)
    return packet.codec == "aac" and packet.kind == PacketKind.CONFIG


def contains_idr(payload: bytes, *, length_size: int = 4) -> bool:
    """Tell whether an AVC frame holds an IDR picture.

    A keyframe without one is a recovery point: pictures after it may lean on pictures before it
    (an open GOP), so that a segment cannot start there.

    Args:
        payload: Of a video tag.
        length_size: Bytes of a NAL unit's length, ``AvcShape.length_size``.

    Raises:
        FlvError: a NAL unit reaches past the payload.
    """
    data = read_video(payload).data
    position = 0
    while position < len(data):
        start = position + length_size
        position = start + int.from_bytes(data[position:start], "big")
        if position > len(data):
            message = "a picture is cut off"
            raise FlvError(message)
        if position > start and data[start] & 0x1F == IDR:
            return True
    return False


def aac_config(payload: bytes) -> AacShape:
    """Read the configuration in an AAC sequence header.

    Args:
        payload: Of the audio tag for which ``is_aac_sequence_header`` holds.

    Raises:
        FlvError: it is none, or is cut off.
    """
    if not is_aac_sequence_header(payload):
        message = "this is no AAC sequence header"
        raise FlvError(message)
    reader = BitReader(read_audio(payload).data)
    object_type = _object_type(reader)
    rate = _sample_rate(reader)
    channels = reader.bits(4)
    if object_type in SBR_TYPES:
        rate = _sample_rate(reader)
    count = CHANNELS[channels] if channels < len(CHANNELS) else 0
    return AacShape(object_type, rate, count, f"mp4a.40.{object_type}")


def _object_type(reader: BitReader) -> int:
    escape = 31
    value = reader.bits(5)
    return 32 + reader.bits(6) if value == escape else value


def _sample_rate(reader: BitReader) -> int:
    index = reader.bits(4)
    if index == 0x0F:  # noqa: PLR2004 -- the escape: the rate itself follows
        return reader.bits(24)
    if index >= len(SAMPLE_RATES):
        message = "the AAC configuration names no sample rate"
        raise FlvError(message)
    return SAMPLE_RATES[index]


def _kind(packet_type: int, *, config: int, frames: tuple[int, ...]) -> PacketKind:
    if packet_type == config:
        return PacketKind.CONFIG
    return PacketKind.FRAME if packet_type in frames else PacketKind.OTHER


def _byte(payload: bytes, index: int, what: str) -> int:
    if index >= len(payload):
        message = f"the {what} tag is cut off"
        raise FlvError(message)
    return payload[index]


def _fourcc(payload: bytes, what: str) -> str:
    _byte(payload, 4, what)
    name = payload[1:5].decode("latin-1")
    return FOURCC_NAMES.get(name, name)


def _signed24(payload: bytes, start: int) -> int:
    _byte(payload, start + 2, "video")
    return int.from_bytes(payload[start : start + 3], "big", signed=True)

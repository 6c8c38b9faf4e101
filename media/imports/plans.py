"""What a file is and what is done with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from media.enums import PackagerMode
from media.imports import errors
from media.imports.errors import UploadRefused
from media.plans import Source

SHORTEST_US: Final = 1_000_000
LONGEST_US: Final = 8 * 3600 * 1_000_000
MOST_SIDE: Final = 4096
MOST_FRAMES: Final = 120
MOST_TRACKS: Final = 16
MOST_PIXELS: Final = 3e12
"""Pixels to decode in all; 1080p30 of eight hours has 1.8e12."""
COPIED_BITS: Final = 12_000_000
"""A picture with more bits per second plays on few connections: it is encoded at once."""
GOP_MOST_US: Final = 10_450_000
"""x264 sets a keyframe every 250 frames unless told otherwise: 10 s at 25 frames per second."""

PICTURES: Final = frozenset(
    {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "prores", "dnxhd", "ffv1"}
)
SOUNDS: Final = frozenset(
    {"aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "mp2"}
    | {"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_f32le"}
)
EIGHT_BIT: Final = frozenset({"yuv420p", "yuvj420p"})
COPIED_RATES: Final = range(16_000, 48_001)


class Container(StrEnum):
    """The demuxers that uploads are given to, by ffmpeg's names; no other ever runs on one."""

    MP4 = "mov"
    MATROSKA = "matroska"
    MPEG_TS = "mpegts"


@dataclass(frozen=True, slots=True)
class Picture:
    """The first picture track; sizes in pixels, ``frame_rate`` in frames per second."""

    index: int
    codec: str
    width: int
    height: int
    frame_rate: float
    pixel_format: str
    is_turned: bool
    is_interlaced: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """The first sound track."""

    index: int
    codec: str
    profile: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What ffprobe said of a file; ``duration_us`` and ``bits`` are 0 when it does not say."""

    container: Container
    duration_us: int
    bits: int
    tracks: int
    picture: Picture | None
    sound: Sound | None
    has_still: bool = False


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is made of a file; a track that is ``MADE`` has no source in it."""

    facts: Facts
    video: Source
    audio: Source

    @property
    def mode(self) -> PackagerMode:
        """Whether the picture is copied."""
        return PackagerMode.COPY if self.video is Source.COPY else PackagerMode.ENCODE

    def encoded(self) -> "ImportPlan":
        """Return the plan for a picture that turned out not to be fit for copying."""
        return ImportPlan(self.facts, Source.ENCODE, self.audio)


def container_of(head: bytes) -> Container:
    """Tell the container by the first bytes of a file; its name is never looked at.

    Raises:
        UploadRefused: It is empty, or something else: a playlist, a script, a picture, an archive.
    """
    if not head:
        raise UploadRefused(errors.EMPTY)
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
        return Container.MP4
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Container.MATROSKA
    if len(head) > 2 * 188 and {head[0], head[188], head[376]} == {0x47}:
        return Container.MPEG_TS
    raise UploadRefused(errors.NOT_MEDIA)


def facts_of(container: Container, probed: Mapping[str, Any]) -> Facts:
    """Read what ffprobe printed as JSON."""
    tracks: list[Mapping[str, Any]] = probed.get("streams", [])
    pictures = [one for one in tracks if one.get("codec_type") == "video"]
    moving = [one for one in pictures if not one.get("disposition", {}).get("attached_pic")]
    sounds = [one for one in tracks if one.get("codec_type") == "audio"]
    about = probed.get("format", {})
    return Facts(
        container=container,
        duration_us=round(_number(about.get("duration")) * 1_000_000),
        bits=round(_number(about.get("bit_rate"))),
        tracks=len(tracks),
        picture=_picture(moving[0]) if moving else None,
        sound=_sound(sounds[0]) if sounds else None,
        has_still=len(pictures) > len(moving),
    )


def plan_import(facts: Facts) -> ImportPlan:
    """Choose what is copied and what is encoded.

    Raises:
        UploadRefused: The file is not one that is taken.
    """
    _check(facts)
    picture, sound = facts.picture, facts.sound
    video = Source.MADE if picture is None else _picture_source(picture, facts.bits)
    audio = Source.MADE if sound is None else _sound_source(sound)
    return ImportPlan(facts, video, audio)


def _check(facts: Facts) -> None:
    picture, sound = facts.picture, facts.sound
    if facts.tracks > MOST_TRACKS:
        raise UploadRefused(errors.TOO_MANY_TRACKS)
    if picture is None and sound is None:
        raise UploadRefused(errors.STILL if facts.has_still else errors.NO_MEDIA)
    if picture is not None:
        _check_picture(picture, facts.duration_us)
    if sound is not None and sound.codec not in SOUNDS:
        raise UploadRefused(errors.OTHER_CODEC)
    if facts.duration_us and facts.duration_us < SHORTEST_US:
        raise UploadRefused(errors.TOO_SHORT)
    if facts.duration_us > LONGEST_US:
        raise UploadRefused(errors.TOO_LONG)


def _check_picture(picture: Picture, duration_us: int) -> None:
    if picture.codec not in PICTURES:
        raise UploadRefused(errors.OTHER_CODEC)
    if not 0 < max(picture.width, picture.height) <= MOST_SIDE:
        raise UploadRefused(errors.TOO_LARGE)
    if picture.frame_rate > MOST_FRAMES + 1:
        raise UploadRefused(errors.TOO_FAST)
    frames = picture.frame_rate * duration_us / 1_000_000
    if picture.width * picture.height * frames > MOST_PIXELS:
        raise UploadRefused(errors.TOO_HEAVY)


def _picture_source(picture: Picture, bits: int) -> Source:
    fits = (
        picture.codec == "h264"
        and picture.pixel_format in EIGHT_BIT
        and not picture.is_turned  # players of HLS do not turn it; an encode does
        and not picture.is_interlaced
        and bits <= COPIED_BITS
    )
    return Source.COPY if fits else Source.ENCODE


def _sound_source(sound: Sound) -> Source:
    fits = (
        (sound.codec, sound.profile) == ("aac", "LC")
        and sound.channels in {1, 2}
        and sound.sample_rate in COPIED_RATES
    )
    return Source.COPY if fits else Source.ENCODE


def _picture(track: Mapping[str, Any]) -> Picture:
    sides = track.get("side_data_list", [])
    turn = next((one["rotation"] for one in sides if "rotation" in one), 0)
    return Picture(
        index=int(track["index"]),
        codec=str(track.get("codec_name", "")),
        width=int(track.get("width", 0)),
        height=int(track.get("height", 0)),
        frame_rate=_rate(track.get("avg_frame_rate")) or _rate(track.get("r_frame_rate")),
        pixel_format=str(track.get("pix_fmt", "")),
        is_turned=bool(round(_number(turn)) % 360),
        is_interlaced=track.get("field_order", "progressive") not in {"progressive", "unknown"},
    )


def _sound(track: Mapping[str, Any]) -> Sound:
    return Sound(
        index=int(track["index"]),
        codec=str(track.get("codec_name", "")),
        profile=str(track.get("profile", "")),
        sample_rate=int(_number(track.get("sample_rate"))),
        channels=int(track.get("channels", 0)),
    )


def _rate(text: object) -> float:
    """Return frames per second of a fraction as ffprobe writes it; 0 when it says nothing."""
    try:
        return float(Fraction(str(text)))
    except (ValueError, ZeroDivisionError):
        return 0.0


def _number(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return 0.0

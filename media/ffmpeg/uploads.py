"""Arguments of the programs that read a file which somebody sent."""

from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path, ffprobe_path
from media.ffmpeg.live import CARD_COLOUR, QUIET
from media.plans import BLANK_SIZE, Source

MOST_FRAMES: Final = 30
FORMATS: Final = "mov,mp4,matroska,webm,mpegts"
MOST_PIXELS: Final = 4096 * 4096
MOST_HEIGHT: Final = 720  # of the first rung when it must be encoded; the ladder follows
GOP_SECONDS: Final = 2  # two of them make a segment
LONGEST_SECONDS: Final = 8 * 3600 + 60
READ_ONLY_THIS: Final = {
    "protocol_whitelist": "file",  # no address is fetched
    "format_whitelist": FORMATS,  # no playlist, script or picture is followed
    "max_streams": 32,  # before a track costs memory
}
PROBE: Final = {"analyzeduration": 20_000_000, "probesize": 20_000_000}
_ENTRIES: Final = (
    "format=duration,bit_rate:stream=index,codec_type,codec_name,profile,pix_fmt,width,height,"
    "avg_frame_rate,r_frame_rate,field_order,sample_rate,channels:stream_disposition=attached_pic:"
    "stream_side_data=rotation"
)


def probe_arguments(file: Path, demuxer: str) -> list[str]:
    """Return the command that prints what ``file`` is, as JSON."""
    options = {**READ_ONLY_THIS, **PROBE, "f": demuxer}
    words = [word for name, value in options.items() for word in (f"-{name}", str(value))]
    return [
        ffprobe_path(),
        "-v",
        "error",
        *words,
        "-show_entries",
        _ENTRIES,
        "-of",
        "json",
        str(file),
    ]


def import_arguments(
    file: Path,
    demuxer: str,
    *,
    video: Source,
    audio: Source,
    picture: int,
    sound: int,
    frame_rate: float,
    sound_fd: int,
) -> list[str]:
    """Return the command that writes ``file`` as fragments: muxed to stdout, sound to ``sound_fd``.

    ``picture`` and ``sound`` are indices of tracks; they do not count where a track is made up.
    """
    decoding = {"max_pixels": MOST_PIXELS}  # a stream may grow in the middle
    source = ffmpeg.input(str(file), f=demuxer, **READ_ONLY_THIS, **PROBE, **decoding)
    tee = ffmpeg.output(
        _card() if video is Source.MADE else source[str(picture)],
        _silence() if audio is Source.MADE else source[str(sound)],
        _slave(MUXED, "v,a", 1) + "|" + _slave(SOUND_ALONE, "a", sound_fd),
        f="tee",
        flags="+global_header",
        map_metadata=-1,  # where and with what it was filmed is nobody's business
        map_chapters=-1,
        t=LONGEST_SECONDS,
        **_video_options(video, frame_rate),
        **_audio_options(audio),
        **({"shortest": None, "shortest_buf_duration": 1} if Source.MADE in {video, audio} else {}),
    )
    arguments: list[str] = tee.compile(cmd=[ffmpeg_path(), *QUIET])
    return arguments


FRAGMENTED: Final = "+delay_moov+default_base_moof"  # the moov waits for the codec's configuration
MUXED: Final = {
    "movflags": f"{FRAGMENTED}+frag_keyframe",  # a fragment per GOP: what a segment is made of
    "frag_size": str(48 << 20),  # without keyframes all of a file would wait for the next in memory
    "video_track_timescale": "90000",
}
SOUND_ALONE: Final = {"movflags": FRAGMENTED, "frag_duration": "1000000"}  # cut anywhere


def _slave(options: dict[str, str], streams: str, fd: int) -> str:
    """Return one output of the tee muxer: both are written from one set of packets."""
    every = {
        "f": "mp4",
        "select": f"\\'{streams}\\'",
        "use_editlist": "0",  # HLS players place fragments by their decode time alone
        "onfail": "abort",  # a rendition without the other would break the playlists
        **options,
    }
    return "[" + ":".join(f"{name}={value}" for name, value in every.items()) + f"]pipe:{fd}"


def _card() -> Any:  # noqa: ANN401 -- nodes of an untyped library
    width, height = BLANK_SIZE
    card = f"color=c={CARD_COLOUR}:s={width}x{height}:r=10"
    return ffmpeg.input(card, f="lavfi")["v:0"]


def _silence() -> Any:  # noqa: ANN401
    return ffmpeg.input("anullsrc=r=48000:cl=stereo", f="lavfi")["a:0"]


def _video_options(video: Source, frame_rate: float) -> dict[str, Any]:
    if video is Source.COPY:
        return {"c:v": "copy", "tag:v": "avc1"}  # a tag of the old container says nothing here
    rate = 10 if video is Source.MADE else output_rate(frame_rate)
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "pix_fmt": "yuv420p",  # what every browser decodes
        "crf": 21,
        "maxrate": "3500k",
        "bufsize": "7000k",
        "vf": f"bwdif=deint=interlaced,scale=w=-2:h='trunc(min({MOST_HEIGHT},ih)/2)*2',setsar=1",
        "r": rate,  # constant, so that a GOP has a constant length
        "g": rate * GOP_SECONDS,
        "keyint_min": rate * GOP_SECONDS,
        "sc_threshold": 0,
    }


def _audio_options(audio: Source) -> dict[str, Any]:
    if audio is Source.COPY:
        return {"c:a": "copy", "tag:a": "mp4a", "bsf:a": "aac_adtstoasc"}  # TS has other headers
    return {"c:a": "aac", "b:a": "128k", "ar": 48_000, "ac": 2}


def output_rate(frame_rate: float) -> int:
    """Return the frames per second of an encode of a picture with ``frame_rate`` (0: unknown)."""
    wanted = frame_rate if 0 < frame_rate <= MOST_FRAMES else MOST_FRAMES
    return max(round(wanted), 1)

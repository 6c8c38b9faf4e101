"""Arguments of the packager: one ffmpeg per run, fragmented MP4 out on two pipes."""

from typing import Any

import ffmpeg

from media.ffmpeg import ffmpeg_path
from media.plans import BLANK_SIZE, MOST_HEIGHT, Plan, Source

MICROSECONDS = 1_000_000
PROBE = {
    "analyzeduration": 500_000,  # the journal has said what there is; do not wait for more
    "probesize": 1_000_000,
}
FRAGMENTED = "+delay_moov+default_base_moof"  # the moov waits for the codec's configuration
CARD_COLOUR = "0x0b1d1c"  # the stage of the visual language


def packager_arguments(plan: Plan, *, sound_fd: int) -> list[str]:
    """Return ffmpeg's command line: muxed fragments to stdout, sound alone to ``sound_fd``.

    The tee muxer writes both from one set of encoded packets: sound is encoded once, and a track
    that is made up ends where the real one does, in both.
    """
    source = ffmpeg.input("pipe:0", f=plan.container, **PROBE)
    tee = ffmpeg.output(
        _picture(source, plan),
        _sound(source, plan),
        _slave(MUXED, "pipe:1") + "|" + _slave(SOUND, f"pipe:{sound_fd}"),
        f="tee",
        flags="+global_header",  # MP4 keeps the decoder's configuration in its header
        **_video_options(plan),
        **_audio_options(plan),
        **_bounds(plan),
    )
    arguments: list[str] = tee.compile(cmd=[ffmpeg_path(), *QUIET])
    return arguments


MUXED = {
    "movflags": f"{FRAGMENTED}+frag_keyframe",  # a fragment per GOP: what a segment is made of
    "video_track_timescale": "90000",
}
SOUND = {
    "select": "a",
    "movflags": FRAGMENTED,
    "frag_duration": str(MICROSECONDS),  # sound can be cut anywhere: a second, like the picture
}
SLAVE = {
    "f": "mp4",
    "use_editlist": "0",  # HLS players place fragments by their decode time alone
    "flush_packets": "1",  # a fragment is for viewers the moment it is whole
    "onfail": "abort",  # a rendition without the other would break the playlists
}


def _slave(options: dict[str, str], target: str) -> str:
    settings = ":".join(f"{name}={value}" for name, value in {**SLAVE, **options}.items())
    return f"[{settings}]{target}"


QUIET = ("-hide_banner", "-nostdin", "-loglevel", "warning", "-nostats")


def _picture(source: Any, plan: Plan) -> Any:  # noqa: ANN401 -- nodes of an untyped library
    if plan.video is Source.MADE:
        width, height = BLANK_SIZE
        card = f"color=c={CARD_COLOUR}:s={width}x{height}:r=10"
        return ffmpeg.input(card, f="lavfi")["v:0"]
    return source["v:0"]


def _sound(source: Any, plan: Plan) -> Any:  # noqa: ANN401
    if plan.audio is Source.MADE:
        return ffmpeg.input("anullsrc=r=48000:cl=stereo", f="lavfi")["a:0"]
    return source["a:0"]


def _video_options(plan: Plan) -> dict[str, Any]:
    if plan.video is Source.COPY:
        return {"c:v": "copy"}
    return {
        "c:v": "libx264",
        "preset": "veryfast",  # two cores carry 720p30 in real time
        "tune": "zerolatency",  # no B-frames and no look-ahead: each adds its length to the delay
        "pix_fmt": "yuv420p",  # what every browser decodes
        "crf": 23,
        "maxrate": "3000k",
        "bufsize": "3000k",  # one second: segments stay near the advertised bandwidth
        "vf": _scaling(),
        "r": round(plan.output_rate),  # constant, so that a GOP is a second
        "g": round(plan.output_rate),
        "keyint_min": round(plan.output_rate),
        "sc_threshold": 0,  # no keyframes in between
    }


def _audio_options(plan: Plan) -> dict[str, Any]:
    if plan.audio is Source.COPY:
        return {"c:a": "copy"}
    return {"c:a": "aac", "b:a": "96k", "ar": 48_000}


def _bounds(plan: Plan) -> dict[str, Any]:
    """Return where an output begins and ends."""
    skip = {"ss": plan.skip_us / MICROSECONDS} if plan.skip_us else {}  # packaged before a restart
    if Source.MADE not in {plan.video, plan.audio}:
        return skip
    return {**skip, "shortest": None, "shortest_buf_duration": 1}  # a made-up track never ends


def _scaling() -> str:
    """Never larger than the source, at most 720 lines, even sides: 4:2:0 needs them."""
    return f"scale=w=-2:h='trunc(min({MOST_HEIGHT},ih)/2)*2',setsar=1"

"""Arguments of the packager: one ffmpeg per run, fragmented MP4 out on a pipe per rendition."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import ffmpeg

from media.feeds.ports import LONGEST_GOP_US
from media.ffmpeg import ffmpeg_path
from media.plans import BLANK_SIZE, MOST_HEIGHT, Plan, Source
from media.rungs import MOST_FRAMES, Rung

MICROSECONDS = 1_000_000
TICKS = 90_000  # of a picture's clock in a second
PROBE = {
    "analyzeduration": 500_000,  # the journal has said what there is; do not wait for more
    "probesize": 1_000_000,
}
FRAGMENTED = "+delay_moov+default_base_moof"  # the moov waits for the codec's configuration
CARD_COLOUR = "0x0b1d1c"  # the stage of the visual language


def packager_arguments(plan: Plan, *, sound_fd: int, rung_fds: Sequence[int] = ()) -> list[str]:
    """Return ffmpeg's command line: the source to stdout, sound alone and each rung to its pipe.

    A tee muxer writes the first two from one set of encoded packets: sound is encoded once, and a
    track that is made up ends where the real one does, in both. The rungs have a tee of their own:
    a muxer waits until it has packets of every stream, and the source must wait for no encoder.

    Args:
        plan: What to do with the feed.
        sound_fd: Where sound alone goes.
        rung_fds: Where the rungs of the plan's ladder go, in its order.
    """
    source = ffmpeg.input("pipe:0", f=plan.container, **PROBE, **_decoding(plan))
    picture, sound = _picture(source, plan), _sound(source, plan)
    outputs = [
        _tee(
            [picture, sound],
            [_slave(MUXED, "v:0,a:0", 1), _slave(SOUND, "a:0", sound_fd)],
            _video_options(plan) | _of_stream("a:0", _audio_options(plan)) | _bounds(plan),
        )
    ]
    if rung_fds:
        outputs.append(_rungs_tee(plan, picture, sound, rung_fds))
    arguments: list[str] = ffmpeg.merge_outputs(*outputs).compile(cmd=[ffmpeg_path(), *QUIET])
    return arguments


def _rungs_tee(plan: Plan, picture: Any, sound: Any, fds: Sequence[int]) -> Any:  # noqa: ANN401
    rungs = plan.ladder.encoded
    sounds = list(dict.fromkeys(rung.sound for rung in rungs))  # each is encoded once
    options = _rungs_options(plan)
    for number, kilobits in enumerate(sounds):
        options |= _of_stream(f"a:{number}", _rung_sound(plan, kilobits))
    slaves = [
        _slave(MUXED, f"v:{number},a:{sounds.index(rung.sound)}", fd)
        for number, (rung, fd) in enumerate(zip(rungs, fds, strict=True))
    ]
    streams = [picture] * len(rungs) + [sound] * len(sounds)
    return _tee(streams, slaves, options | _bounds(plan))


def _tee(streams: list[Any], slaves: list[str], options: dict[str, Any]) -> Any:  # noqa: ANN401
    return ffmpeg.output(
        *streams,
        "|".join(slaves),
        f="tee",
        flags="+global_header",  # MP4 keeps the decoder's configuration in its header
        **options,
    )


MUXED = {
    "movflags": f"{FRAGMENTED}+frag_keyframe",  # a fragment per GOP: what a segment is made of
    "video_track_timescale": str(TICKS),
}
SOUND = {
    "movflags": FRAGMENTED,
    "frag_duration": str(MICROSECONDS),  # sound can be cut anywhere: a second, like the picture
}
SLAVE = {
    "f": "mp4",
    "use_editlist": "0",  # HLS players place fragments by their decode time alone
    "flush_packets": "1",  # a fragment is for viewers the moment it is whole
    "onfail": "abort",  # a rendition without the others would break the playlists
}


def _slave(options: dict[str, str], streams: str, fd: int) -> str:
    every = {**SLAVE, "select": f"\\'{streams}\\'", **options}
    settings = ":".join(f"{name}={value}" for name, value in every.items())
    return f"[{settings}]pipe:{fd}"


QUIET = ("-hide_banner", "-nostdin", "-loglevel", "warning", "-nostats")


def _decoding(plan: Plan) -> dict[str, Any]:
    """Return how the picture is decoded; a copy must not wait for the rungs made from it."""
    if plan.video is not Source.COPY or not plan.ladder.encoded:
        return {}
    frames = {"skip_frame": "nokey"} if plan.ladder.slides else {}
    return {"thread_type": "slice", **frames}  # threads over frames hold one back each


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
        return {"c:v:0": "copy"}
    return _of_stream(
        "v:0",
        {
            **X264,
            **_constant(plan),
            "maxrate": "3000k",
            "bufsize": "3000k",  # one second: segments stay near the advertised bandwidth
            "filter": scaling(MOST_HEIGHT),
        },
    )


X264 = {
    "c": "libx264",
    "preset": "veryfast",  # two cores carry 720p30 in real time
    "tune": "zerolatency",  # no B-frames and no look-ahead: each adds its length to the delay
    "pix_fmt": "yuv420p",  # what every browser decodes
    "crf": 23,
    "sc_threshold": 0,  # no keyframes in between
}


def _constant(plan: Plan) -> dict[str, Any]:
    rate = round(plan.output_rate)  # constant, so that a GOP is a second
    return {"r": rate, "g": rate, "keyint_min": rate}


def _rungs_options(plan: Plan) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for number, rung in enumerate(plan.ladder.encoded):
        options |= _of_stream(f"v:{number}", rung_options(rung) | _cadence(plan, rung))
    return options


def rung_options(rung: Rung) -> dict[str, Any]:
    """Return how a rung is encoded, whatever the feed; not which of its frames."""
    return {
        **X264,
        "threads": 1,  # slices over threads would cost a small picture much of its quality
        "maxrate": f"{rung.video}k",
        "bufsize": f"{rung.buffer}k",  # far below a second: no segment is above what was told
        "filter": scaling(rung.lines),
    }


def _cadence(plan: Plan, rung: Rung) -> dict[str, Any]:
    """Return which frames a rung has; its keyframes are where the source has them."""
    if plan.video is not Source.COPY:
        return _constant(plan)
    longest = ceil((plan.rung_rate or MOST_FRAMES) * LONGEST_GOP_US / MICROSECONDS) + 1
    thinned = "" if plan.ladder.slides else f"{FEWER_FRAMES},"
    return {
        "filter": f"{thinned}{scaling(rung.lines)}",
        "force_key_frames": "source",
        "g": longest,  # only when a keyframe of the source cannot be decoded
        "fps_mode": "passthrough",  # the times of the source: cuts lie at the same places
        "enc_time_base": f"1:{TICKS}",
    }


FEWER_FRAMES = f"select='key+gte(t-prev_selected_t,{1 / MOST_FRAMES - 0.001:.4f})'"
"""Every keyframe, and no more than 30 frames a second; times of FLV are whole milliseconds."""


def _of_stream(stream: str, options: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}:{stream}": value for name, value in options.items()}


def _audio_options(plan: Plan) -> dict[str, Any]:
    if plan.audio is Source.COPY:
        return {"c": "copy"}
    return {"c": "aac", "b": "96k", "ar": 48_000}


def _rung_sound(plan: Plan, kilobits: int) -> dict[str, Any]:
    if not kilobits:
        return _audio_options(plan)
    options: dict[str, Any] = {"c": "aac", "b": f"{kilobits}k"}
    if plan.audio is Source.COPY:  # the encoder's first packet is early; a copy has none to match
        return {**options, "bsf": "noise=drop=lt(pts\\,0)"}
    return {**options, "ar": 48_000}


def _bounds(plan: Plan) -> dict[str, Any]:
    """Return where an output begins and ends."""
    skip = {"ss": plan.skip_us / MICROSECONDS} if plan.skip_us else {}  # packaged before a restart
    if Source.MADE not in {plan.video, plan.audio}:
        return skip
    return {**skip, "shortest": None, "shortest_buf_duration": 1}  # a made-up track never ends


def scaling(lines: int) -> str:
    """Never larger than the source, its shorter side at most ``lines``, even: 4:2:0 needs that."""
    width, height = (f"trunc(min({lines},{side})/2)*2" for side in ("iw", "ih"))
    wide = "gte(iw,ih)"
    return f"scale=w='if({wide},-2,{width})':h='if({wide},{height},-2)',setsar=1"

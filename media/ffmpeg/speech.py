"""Arguments that make of a recording what speech engines hear: 16 kHz, one channel."""

from pathlib import Path
from typing import Final

from media.ffmpeg import ffmpeg_path
from media.ffmpeg.ladder import QUIET

RATE: Final = 16_000
_PROGRESS: Final = ("-progress", "pipe:1", "-stats_period", "0.5")


def speech_arguments(source: Path, target: Path) -> list[str]:
    """Return the arguments that decode the sound of a fragmented MP4 into a WAV file."""
    sound = ("-vn", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le")
    return [
        ffmpeg_path(),
        *QUIET,
        *_PROGRESS,
        *("-protocol_whitelist", "file", "-f", "mp4", "-i", str(source)),
        *sound,
        *("-f", "wav", str(target)),
    ]

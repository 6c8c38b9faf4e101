"""What playlists are made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SOUND_GROUP: Final = "sound"
"""The GROUP-ID of the sound that pictures without their own share."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One listed segment; durations are in microseconds, ``run_number`` is the discontinuity."""

    sequence: int
    run_number: int
    duration_us: int
    program_at: datetime
    uri: str
    init_uri: str

    @property
    def ends_at(self) -> datetime:
        """When its last frame has been shown, on the clock of PROGRAM-DATE-TIME."""
        return self.program_at + timedelta(microseconds=self.duration_us)


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One line of a master playlist; bandwidths in bits per second, ``height`` 0 is sound alone.

    ``sound_group`` names the :class:`SoundRow` that is played with it; empty: its own.
    """

    uri: str
    codecs: str
    bandwidth: int
    average_bandwidth: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    sound_group: str = ""


@dataclass(frozen=True, slots=True)
class SoundRow:
    """Sound as a rendition of its own, for the variants that name its ``group``."""

    uri: str
    group: str = SOUND_GROUP
    name: str = "Sound"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: its short name, and what is wrong in words."""

    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.detail}"

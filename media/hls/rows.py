"""What playlists are made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta


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
    """One line of a master playlist; bandwidths in bits per second, ``height`` 0 is sound alone."""

    uri: str
    codecs: str
    bandwidth: int
    average_bandwidth: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: its short name, and what is wrong in words."""

    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.detail}"

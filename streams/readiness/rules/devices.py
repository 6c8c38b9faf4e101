"""What a check of camera and microphone found, within bounds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from core.errors import FieldError, InvalidInput, _

BROWSER: Final = "browser"
ENCODER: Final = "encoder"
LARGEST: Final = {
    "width": 7680,  # pixels
    "height": 4320,
    "upload_kbit_s": 10_000_000,
    "round_trip_ms": 60_000,
}


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What was seen and heard; no name of a device is kept, it may tell who somebody is.

    ``loudest`` is the highest level that was heard, from 0 to 1. 0 elsewhere: not measured.
    """

    picture: bool
    sound: bool
    width: int = 0
    height: int = 0
    loudest: float = 0.0
    upload_kbit_s: int = 0
    round_trip_ms: int = 0

    def as_details(self, source: str) -> dict[str, Any]:
        """Return the row's JSON document; ``source`` is ``browser`` or ``encoder``."""
        return {"source": source, **asdict(self)}


def check_report(report: DeviceReport) -> None:
    """Refuse a report of a check that failed, or with figures that make no sense.

    Raises:
        InvalidInput: No picture, no sound, or a figure out of bounds; each is named.
    """
    faults = []
    if not report.picture:
        faults.append(FieldError("picture", _("No picture was seen. Choose another camera.")))
    if not report.sound:
        faults.append(FieldError("sound", _("Nothing was heard. Choose another microphone.")))
    figures = {name: getattr(report, name) for name in LARGEST}
    wrong = [name for name, value in figures.items() if not 0 <= value <= LARGEST[name]]
    wrong += [] if 0 <= report.loudest <= 1 else ["loudest"]
    faults += [FieldError(name, _("This figure makes no sense.")) for name in wrong]
    if faults:
        raise InvalidInput(*faults)


def report_of_feed(shape: Mapping[str, Any] | None) -> DeviceReport | None:
    """Return what an encoder's feed shows by its shape, or None: no picture, or no sound."""
    if not shape or not (shape.get("video") and shape.get("audio")):
        return None
    width, height = (min(int(shape.get(name, 0)), LARGEST[name]) for name in ("width", "height"))
    return DeviceReport(picture=True, sound=True, width=width, height=height)

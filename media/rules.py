"""Decisions about broadcasts and feeds. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.errors import _

LEASE: Final = timedelta(seconds=10)
RENEW_SECONDS: Final = 3.0

CLOCK_JUMPED: Final = "clock_jumped"
FAULTS: Final[Mapping[str, str]] = {
    "no_picture": _("No picture arrives. Viewers see a still card and hear the sound."),
    "no_sound": _("No sound arrives. Check the microphone in your encoder."),
    "thin_sound": _("The sound has telephone quality. Choose 48 kHz in your encoder."),
    "other_codec": _(
        "The picture is not H.264, so it is encoded again. Choose H.264 in your encoder."
    ),
    "long_gop": _(
        "Keyframes are too far apart. Set the keyframe interval to 1 second in your encoder."
    ),
    "open_gop": _(
        "The picture uses open GOPs, so it is encoded again. Switch them off in your encoder."
    ),
    CLOCK_JUMPED: _("The encoder's clock jumped. It was put right."),
    "unreadable": _("What arrives is not readable as picture or sound. Restart your encoder."),
}
OF_ENCODERS: Final = frozenset({"thin_sound", "other_codec", "long_gop", "open_gop", CLOCK_JUMPED})
"""What a browser does by itself and nobody can set in it."""


def faults_to_tell(codes: Iterable[str], *, by_browser: bool) -> list[str]:
    """Return what a host is told of a feed, untranslated: what can be done something about."""
    hidden = OF_ENCODERS if by_browser else frozenset[str]()
    return [FAULTS[code] for code in codes if code in FAULTS and code not in hidden]


def lease_is_free(*, node: str, holder: str, lease_until: datetime | None, now: datetime) -> bool:
    """Tell whether ``node`` may take a broadcast: it holds it already, or nobody's lease runs."""
    return holder in {"", node} or lease_until is None or lease_until <= now


def window_is_over(*, interrupted_at: datetime | None, window_seconds: int, now: datetime) -> bool:
    """Tell whether an interrupted broadcast has waited long enough for its encoder."""
    return interrupted_at is not None and interrupted_at + timedelta(seconds=window_seconds) <= now

"""What the page of a livestream shows. Pure; ``web/frontend/src/watch/phases.ts`` is its twin."""

from enum import StrEnum

from catalog.enums import LivestreamState as L


class Phase(StrEnum):
    """One face of the one page of a livestream."""

    BEFORE = "before"
    OPENING = "opening"  # live, and the first picture is still to come
    LIVE = "live"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    REVIEW = "review"  # its crew sees the recording before the release
    REPLAY = "replay"
    CANCELLED = "cancelled"
    MISSED = "missed"

    @property
    def is_playable(self) -> bool:
        """Whether a person can press play now."""
        return self in {Phase.LIVE, Phase.INTERRUPTED, Phase.REVIEW, Phase.REPLAY}


def phase_of(state: str, *, interrupted: bool, playable: bool, crew: bool) -> Phase:
    """Return the phase for a viewer.

    Args:
        state: The state of the livestream.
        interrupted: Whether it is live and waits for its encoder.
        playable: Whether this viewer has an address to play.
        crew: Whether the viewer is its host or the staff.
    """
    if state == L.LIVE:
        return _on_air(interrupted=interrupted, playable=playable)
    if state == L.PUBLISHED:
        return Phase.REPLAY if playable else Phase.ENDED
    if state == L.ENDED:
        return Phase.REVIEW if playable and crew else Phase.ENDED
    return {L.CANCELLED: Phase.CANCELLED, L.MISSED: Phase.MISSED}.get(L(state), Phase.BEFORE)


def _on_air(*, interrupted: bool, playable: bool) -> Phase:
    if interrupted:
        return Phase.INTERRUPTED
    return Phase.LIVE if playable else Phase.OPENING

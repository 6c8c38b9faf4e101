"""Refusals of playback."""

from core.errors import NotFound


class NotPlayable(NotFound):
    """There is no such broadcast, or the asker may not know that there is."""

    code = "not_playable"


class NothingChosenError(ValueError):
    """Code asked to revoke grants without saying whose."""

    def __init__(self) -> None:
        super().__init__("say whose grants to revoke")

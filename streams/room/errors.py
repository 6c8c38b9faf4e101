"""Refusals of a room, for whoever wants to take part."""

from core.errors import Refusal, TooMany, _


class TooManyNewcomers(TooMany):
    """More people came anew from one address than a large house sends."""

    message = _(
        "Very many people of your network have joined in within this hour, so nobody new can ask "
        "or vote from there for the next %(minutes)s minutes. You can go on watching. Over another "
        "connection, such as mobile data, you can ask and vote at once."
    )

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        Refusal.__init__(self, None, minutes=-(-retry_after // 60))

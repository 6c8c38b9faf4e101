"""Which notices go out as text messages too: few, short, and only where somebody asked. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from accounts.notices.enums import Channel, Pace


class Texts(StrEnum):
    """What somebody can want as a text message; kept among the choices under these names."""

    MINUTES = "sms_minutes"
    CHANGES = "sms_changes"
    ASKED = "sms_asked"  # for hosts


TEXTED: Final[Mapping[str, Texts]] = MappingProxyType(
    {
        "minutes_before": Texts.MINUTES,
        "host_minutes_before": Texts.MINUTES,
        "duty_minutes_before": Texts.MINUTES,
        "changed": Texts.CHANGES,
        "cancelled": Texts.CHANGES,
        "host_asked": Texts.ASKED,
    }
)
"""By the name of its kind, the choice that brings a notice as a text message."""


def channels_of(kind: str, *, choices: Mapping[str, str], has_phone: bool) -> frozenset[Channel]:
    """Return how somebody is told of a kind: always by mail, and by text message if wanted."""
    chosen = TEXTED.get(kind)
    if chosen is None or not has_phone or choices.get(chosen) != Pace.AT_ONCE:
        return frozenset({Channel.MAIL})
    return frozenset(Channel)


def texts_in(choices: Mapping[str, str]) -> frozenset[Texts]:
    """Return what is wanted as a text message."""
    return frozenset(one for one in Texts if choices.get(one) == Pace.AT_ONCE)

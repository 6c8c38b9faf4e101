"""The sources of what viewers, hosts and moderators are told of livestreams.

Each reads the livestream at the moment of sending and says only what is true then.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from accounts.notices.ports import Source
from scheduler.notices.livestreams.changes import changed, host_released, host_scheduled
from scheduler.notices.livestreams.following import new_for_you, replay_for_you
from scheduler.notices.livestreams.registering import registered
from scheduler.notices.livestreams.reminding import day_before, minutes_before
from scheduler.notices.livestreams.replays import replay_ready
from scheduler.notices.livestreams.series import host_series_scheduled

SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        "registered": registered,
        "day_before": day_before,
        "minutes_before": minutes_before,
        "changed": changed,
        "cancelled": changed,
        "not_held": changed,
        "replay_ready": replay_ready,
        "new_for_you": new_for_you,
        "replay_for_you": replay_for_you,
        "host_scheduled": host_scheduled,
        "host_series_scheduled": host_series_scheduled,
        "host_day_before": day_before,
        "host_minutes_before": minutes_before,
        "host_changed": changed,
        "host_cancelled": changed,
        "host_released": host_released,
        "duty_day_before": day_before,
        "duty_minutes_before": minutes_before,
        "duty_changed": changed,
        "duty_cancelled": changed,
    }
)

"""What going live needs. Pure: the time is an argument, and every fact was read before."""

from streams.readiness.rules.devices import DeviceReport, check_report, report_of_feed
from streams.readiness.rules.gate import (
    DEVICE_CHECK_COUNTS,
    SCRIPT_COUNTS,
    Facts,
    GateItem,
    missing,
    release_gate,
    start_gate,
)
from streams.readiness.rules.presence import HERE, is_here
from streams.readiness.rules.script import Script, ScriptPart, script

__all__ = [
    "DEVICE_CHECK_COUNTS",
    "HERE",
    "SCRIPT_COUNTS",
    "DeviceReport",
    "Facts",
    "GateItem",
    "Script",
    "ScriptPart",
    "check_report",
    "is_here",
    "missing",
    "release_gate",
    "report_of_feed",
    "script",
    "start_gate",
]

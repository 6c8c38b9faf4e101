"""What can be wrong with a livestream on the board."""

from enum import StrEnum


class Kind(StrEnum):
    """A problem; the most pressing first."""

    SEARCH_FAILED = "search_failed"
    HOST_UNVERIFIED = "host_unverified"
    UNRESERVED = "unreserved"
    HOST_LAPSES = "host_lapses"
    MODERATORS_MISSING = "moderators_missing"
    PASSED = "passed"
    WAITING = "waiting"

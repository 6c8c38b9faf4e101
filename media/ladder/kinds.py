"""The kinds of work that a ladder consists of, and their numbers. Pure.

Work is unique per (kind, subject, revision); the subject is the broadcast, so that one page shows
all of it, and the revision says which ladder of it, and which part.
"""

from typing import Final

PLAN: Final = "ladder_plan"
PART: Final = "ladder_part"
SOUND: Final = "sound"
STORYBOARD: Final = "storyboard"
PUBLISH: Final = "ladder_publish"

ATTEMPTS: Final = 6
"""With the waits between them half an hour: storage that was away costs no step."""
MOST_PARTS: Final = 10_000  # of one ladder: 34 days at five minutes each


def part_revision(generation: int, number: int) -> int:
    """Return the revision of the work on one part of one ladder."""
    return generation * MOST_PARTS + number


def picture_name(generation: int, height: int) -> str:
    """Return the name of a ladder's rendition with a picture of that height."""
    return f"g{generation}v{height}"


def sound_name(generation: int) -> str:
    """Return the name of a ladder's rendition with sound alone."""
    return f"g{generation}audio"

"""Pillow, if it is there: only talks need it, and the rest of the house works without."""

from media.talks.errors import TalkImpossible

PACKAGE = "pillow"

try:
    from PIL import Image, ImageDraw, ImageFont

    installed = True
except ImportError:
    installed = False

__all__ = ["Image", "ImageDraw", "ImageFont", "require"]


def require() -> None:
    """Make sure that pictures can be drawn.

    Raises:
        TalkImpossible: Pillow is not installed.
    """
    if not installed:
        raise TalkImpossible(PACKAGE)

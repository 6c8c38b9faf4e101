"""What a hand-out can be."""

from enum import StrEnum


class Kind(StrEnum):
    """By its content, whatever it was called."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "txt"

"""The demo's picture: a dark stage, settling lines, one steady dot, and a clock burnt in. Pure.

The clock is there twice: in digits for people, and as a row of light and dark squares for programs
that measure the delay from camera to screen (:func:`read_clock`). Frames are planar YUV 4:2:0 of
8 bits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

WIDTH, HEIGHT = 640, 360
FRAMES = 25
SQUARE = 12  # pixels: survives scaling to a quarter and hard compression
BITS = 40  # milliseconds since the epoch, modulo 2**40: 34 years
CODE_TOP = 16
CODE_LEFT = (WIDTH - BITS * SQUARE) // 2
LIGHT, DARK, STAGE = 235, 16, 30
THRESHOLD = 128
LAMP = (190, 60, 160)  # luma, blue and red difference of the one dot
LINE = 110
DIGIT_TOP, DIGIT_HEIGHT, DIGIT_WIDTH, STROKE = 250, 60, 34, 7
GAP = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Which strokes a digit has: top, upper left, upper right, middle, lower left, lower right, bottom.
DIGITS = {
    "0": "1110111",
    "1": "0010010",
    "2": "1011101",
    "3": "1011011",
    "4": "0111010",
    "5": "1101011",
    "6": "1101111",
    "7": "1010010",
    "8": "1111111",
    "9": "1111011",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


def frame_at(moment: datetime) -> bytes:
    """Return the frame of ``moment``: ``WIDTH * HEIGHT * 3 // 2`` bytes."""
    frame = bytearray(_scene())
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1) % 2**BITS
    for index in range(BITS):
        light = milliseconds >> (BITS - 1 - index) & 1
        box = Box(CODE_LEFT + index * SQUARE, CODE_TOP, SQUARE, SQUARE)
        _fill(frame, box, LIGHT if light else DARK)
    for box in _clock_boxes(moment.strftime("%H:%M:%S")):
        _fill(frame, box, LIGHT)
    return bytes(frame)


def read_clock(luma: Sequence[int]) -> int:
    """Return the milliseconds a row of samples says, one sample per square, first square first."""
    value = 0
    for sample in luma:
        value = value << 1 | (sample > THRESHOLD)
    return value


def _clock_boxes(text: str) -> list[Box]:
    width = len(text) * (DIGIT_WIDTH + GAP) - GAP
    left = (WIDTH - width) // 2
    boxes: list[Box] = []
    for letter in text:
        boxes += _letter_boxes(letter, left)
        left += DIGIT_WIDTH + GAP
    return boxes


def _letter_boxes(letter: str, left: int) -> list[Box]:
    middle = left + DIGIT_WIDTH // 2 - STROKE // 2
    if letter == ":":
        return [Box(middle, DIGIT_TOP + y, STROKE, STROKE) for y in (18, 38)]
    half, right = DIGIT_HEIGHT // 2, left + DIGIT_WIDTH - STROKE
    middle_top, bottom = DIGIT_TOP + half - STROKE // 2, DIGIT_TOP + DIGIT_HEIGHT - STROKE
    strokes = (
        Box(left, DIGIT_TOP, DIGIT_WIDTH, STROKE),
        Box(left, DIGIT_TOP, STROKE, half),
        Box(right, DIGIT_TOP, STROKE, half),
        Box(left, middle_top, DIGIT_WIDTH, STROKE),
        Box(left, DIGIT_TOP + half, STROKE, half),
        Box(right, DIGIT_TOP + half, STROKE, half),
        Box(left, bottom, DIGIT_WIDTH, STROKE),
    )
    return [box for box, on in zip(strokes, DIGITS[letter], strict=True) if on == "1"]


def _fill(frame: bytearray, box: Box, value: int) -> None:
    row = bytes([value]) * box.width
    for y in range(box.top, box.top + box.height):
        start = y * WIDTH + box.left
        frame[start : start + box.width] = row


@cache
def _scene() -> bytes:
    """Return the stage without its clock: five lines that settle towards the dot."""
    luma = bytearray([STAGE]) * (WIDTH * HEIGHT)
    for line in range(5):
        centre, swing = 90 + line * 28, 46 - 14 * abs(line - 2)
        for x in range(WIDTH):
            calm = max(0.0, 1 - x / 460)
            y = centre + swing * calm**2 * math.sin(x / (9 + x / 22))
            for thick in (0, 1):
                luma[(int(y) + thick) * WIDTH + x] = LINE
    blue = bytearray([124]) * (WIDTH * HEIGHT // 4)
    red = bytearray([118]) * (WIDTH * HEIGHT // 4)
    _dot(luma, blue, red, 540, 146, 15)
    return bytes(luma + blue + red)


def _dot(luma: bytearray, blue: bytearray, red: bytearray, x: int, y: int, radius: int) -> None:
    for down in range(-radius, radius + 1):
        reach = int(math.sqrt(radius**2 - down**2))
        for across in range(-reach, reach + 1):
            luma[(y + down) * WIDTH + x + across] = LAMP[0]
            quarter = (y + down) // 2 * (WIDTH // 2) + (x + across) // 2
            blue[quarter], red[quarter] = LAMP[1], LAMP[2]

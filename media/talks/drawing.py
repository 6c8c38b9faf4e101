"""Turning the line drawings of the topics, which are SVG symbols, into points. Pure.

Only what ``symbols.svg`` uses is understood: ``path`` and ``circle``; arcs, curves and lines in
absolute and relative form (SVG 1.1, chapter 8.3 and appendix F.6).
"""

import cmath
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

WIDTH, HEIGHT = 320.0, 180.0
"""The box every drawing is made in."""
STEPS: Final = 24  # straight pieces of one curve: smooth at the size of a slide
_TOKEN: Final = re.compile(r"[A-Za-z]|-?(?:\d+\.\d*|\.\d+|\d+)(?:e-?\d+)?")
_COUNTS: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}
Points = list[complex]
"""A line as points; x and y are the real and the imaginary part."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines and the one dot, in a box of 320 by 180; ``dot`` is its centre and radius."""

    lines: tuple[tuple[complex, ...], ...]
    dot: tuple[complex, float] | None


def drawing_from(markup: str) -> Drawing:
    """Return the drawing of one symbol of our own file."""
    lines: list[tuple[complex, ...]] = []
    dot = None
    for element in ET.fromstring(markup).iter():  # noqa: S314 -- our own file
        tag = element.tag.rpartition("}")[2]
        if tag == "path":
            lines += [tuple(line) for line in _path_lines(element.get("d", ""))]
        elif tag == "circle":
            centre = complex(float(element.get("cx", 0)), float(element.get("cy", 0)))
            radius = float(element.get("r", 0))
            if element.get("class") == "dot":
                dot = (centre, radius)
            else:
                lines.append(tuple(_circle(centre, radius)))
    return Drawing(tuple(lines), dot)


def _path_lines(text: str) -> list[Points]:
    lines: list[Points] = []
    pen = start = handle = 0j
    for command, numbers in _commands(text):
        origin = pen if command.islower() else 0j
        letter = command.upper()
        if letter == "M":
            pen = start = origin + complex(*numbers)
            lines.append([pen])
        else:
            points, handle = _drawn(letter, numbers, origin, pen, handle, start)
            if len(lines[-1]) == 1 and lines[-1][0] != pen:
                lines.append([pen])
            lines[-1] += points
            pen = points[-1]
        if letter not in "CS":
            handle = pen
    return lines


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; a repeated one may leave its letter out."""
    tokens = _TOKEN.findall(text)
    command, place = "", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        count = _COUNTS[command.upper()]
        yield command, [float(token) for token in tokens[place : place + count]]
        place += count
        command = {"M": "L", "m": "l"}.get(command, command)


def _drawn(
    letter: str,
    numbers: list[float],
    origin: complex,
    pen: complex,
    handle: complex,
    start: complex,
) -> tuple[Points, complex]:
    """Return the points of one command after ``pen``, and the handle of a curve that goes on."""
    if letter == "Z":
        return [start], start
    if letter == "H":
        return [complex(origin.real + numbers[0], pen.imag)], pen
    if letter == "V":
        return [complex(pen.real, origin.imag + numbers[0])], pen
    if letter == "A":
        end = origin + complex(*numbers[5:])
        return _arc(pen, end, numbers), end
    points = [origin + complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    if letter == "L":
        return points, pen
    if letter == "S":
        points.insert(0, 2 * pen - handle)
    return _curve([pen, *points]), points[-2]


def _curve(corners: Points) -> Points:
    """Return a Bézier curve of any degree, by de Casteljau's construction."""
    return [_casteljau(corners, step / STEPS) for step in range(1, STEPS + 1)]


def _casteljau(corners: Points, share: float) -> complex:
    while len(corners) > 1:
        corners = [a + (b - a) * share for a, b in pairwise(corners)]
    return corners[0]


def _arc(pen: complex, end: complex, numbers: list[float]) -> Points:
    """Return a circular arc (all of ours are; appendix F.6.5 without the ellipse)."""
    radius, large, sweep = numbers[0], bool(numbers[3]), bool(numbers[4])
    half = (end - pen) / 2
    radius = max(radius, abs(half))
    away = math.sqrt(max(radius**2 - abs(half) ** 2, 0.0))
    side = 1j if large != sweep else -1j
    centre = pen + half + side * away * half / abs(half)
    first, last = cmath.phase(pen - centre), cmath.phase(end - centre)
    if sweep and last <= first:
        last += 2 * math.pi
    elif not sweep and last >= first:
        last -= 2 * math.pi
    steps = 4 * STEPS
    angles = (first + (last - first) * step / steps for step in range(1, steps + 1))
    return [centre + cmath.rect(radius, angle) for angle in angles]


def _circle(centre: complex, radius: float) -> Points:
    steps = 4 * STEPS
    return [centre + cmath.rect(radius, 2 * math.pi * step / steps) for step in range(steps + 1)]

"""The line drawings on slides: drawn three times as large and made small, which smooths them."""

from __future__ import annotations  # Pillow may be missing when this is read

from itertools import chain
from typing import TYPE_CHECKING, Final

from media.talks import drawing, palette, pillow

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from media.talks.palette import Hue

SCALE: Final = 3
LEFT, TOP, RIGHT, BOTTOM = 832, 72, 1208, 600
CORNER, TURNED = 8, 72  # radii: the turned corner of our posters is at the lower right
STROKE: Final = 2.0
FAINT, CLEAR = 0.14, 0.5  # of the drawing behind a title: from its left edge to its right one


def draw_panel(picture: Image, lines: drawing.Drawing | None, hue: Hue, along: float) -> None:
    """Draw the part of a drawing that the talk has come to: ``along`` from 0 to 1."""
    width, height = (RIGHT - LEFT) * SCALE, (BOTTOM - TOP) * SCALE
    panel = pillow.Image.new("RGB", (width, height), hue.tint)
    if lines is not None:
        zoom = height / drawing.HEIGHT
        hidden = drawing.WIDTH * zoom - width
        _draw(panel, lines, zoom, complex(-hidden * along, 0), hue.mid, palette.INK)
    small = panel.resize((RIGHT - LEFT, BOTTOM - TOP), pillow.Image.Resampling.LANCZOS)
    picture.paste(small, (LEFT, TOP), _mask(small.size))


def draw_stage(picture: Image, lines: drawing.Drawing | None, hue: Hue) -> None:
    """Draw the whole drawing faintly over a dark slide."""
    if lines is None:
        return
    large = pillow.Image.new("RGB", (picture.width * SCALE, picture.height * SCALE), palette.STAGE)
    quiet = drawing.Drawing(lines.lines, None)  # the one dot of a slide is that of its progress
    _draw(large, quiet, large.width / drawing.WIDTH, 0j, hue.glow, palette.STAGE)
    small = large.resize(picture.size, pillow.Image.Resampling.LANCZOS)
    picture.paste(small, (0, 0), _clearing(picture.size))


def _draw(
    picture: Image, lines: drawing.Drawing, zoom: float, move: complex, colour: str, ring: str
) -> None:
    draw = pillow.ImageDraw.Draw(picture)
    width = round(STROKE * SCALE)
    for line in lines.lines:
        points = [point * zoom + move for point in line]
        flat = list(chain.from_iterable((point.real, point.imag) for point in points))
        draw.line(flat, fill=colour, width=width, joint="curve")
    if lines.dot is not None:
        _draw_dot(draw, lines.dot[0] * zoom + move, lines.dot[1] * zoom, ring)


def _draw_dot(draw: ImageDraw, centre: complex, radius: float, ring: str) -> None:
    place = (centre.real, centre.imag)
    draw.circle(place, radius + STROKE * SCALE, ring)
    draw.circle(place, radius, palette.LAMP)


def _clearing(size: tuple[int, int]) -> Image:
    """Return how much of a drawing is seen: little under the words at the left."""
    shades = [round(255 * (FAINT + (CLEAR - FAINT) * x / size[0])) for x in range(size[0])]
    row = pillow.Image.new("L", (size[0], 1))
    row.putdata(shades)
    return row.resize(size)


def _mask(size: tuple[int, int]) -> Image:
    """Return where the panel is seen: three small corners and the turned one."""
    large = pillow.Image.new("L", (size[0] * SCALE, size[1] * SCALE), 0)
    draw = pillow.ImageDraw.Draw(large)
    box = (0, 0, large.width - 1, large.height - 1)
    draw.rounded_rectangle(box, CORNER * SCALE, 255, corners=(True, True, False, True))
    cut = (large.width - TURNED * SCALE, large.height - TURNED * SCALE, *box[2:])
    draw.rectangle(cut, 0)
    draw.pieslice((box[2] - 2 * TURNED * SCALE, box[3] - 2 * TURNED * SCALE, *box[2:]), 0, 90, 255)
    return large.resize(size, pillow.Image.Resampling.LANCZOS)

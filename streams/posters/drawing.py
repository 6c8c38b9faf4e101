"""The same strokes as SVG or as a picture."""

from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from media.talks import pillow
from media.talks.lettering import SERIF
from streams.posters.layout import HEIGHT, PAPER, WIDTH, Poster, Text, strokes_of

INCH: Final = 150  # pixels
SIZE: Final = f'width="210mm" height="297mm" viewBox="0 0 {WIDTH} {HEIGHT}"'
FAMILIES: Final = {
    True: "'Noto Serif SC', 'Songti SC', Georgia, serif",
    False: "'Noto Sans SC', 'PingFang SC', 'Helvetica Neue', Arial, sans-serif",
}


def as_svg(poster: Poster) -> str:
    """Return the sheet as SVG: sharp in every size, with the letters of the reader's device."""
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {SIZE} xml:lang={quoteattr(poster.language)}>',
        f"<title>{escape(poster.title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
    ]
    for one in strokes_of(poster):
        if isinstance(one, Text):
            family = quoteattr(FAMILIES[one.letters.face == SERIF])
            drawn.append(
                f'<text x="{one.x}" y="{one.y}" dominant-baseline="central" fill="{one.colour}" '
                f'font-family={family} font-size="{one.letters.size}">{escape(one.words)}</text>'
            )
        else:
            drawn.append(
                f'<rect x="{one.x:.2f}" y="{one.y:.2f}" width="{one.width:.2f}" '
                f'height="{one.height:.2f}" fill="{one.colour}" shape-rendering="crispEdges"/>'
            )
    return "\n".join([*drawn, "</svg>", ""])


def as_png(poster: Poster) -> bytes:
    """Return the sheet as a picture: the same on every device, Chinese letters included."""
    pillow.require()
    sheet = pillow.Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = pillow.ImageDraw.Draw(sheet)
    for one in strokes_of(poster):
        if isinstance(one, Text):
            one.letters.write(draw, (one.x, one.y), one.words, one.colour)
        else:
            left, top = round(one.x), round(one.y)
            right, bottom = round(one.x + one.width) - 1, round(one.y + one.height) - 1
            draw.rectangle([left, top, right, bottom], fill=one.colour)  # both corners are inside
    written = BytesIO()
    sheet.save(written, "PNG", dpi=(INCH, INCH))
    return written.getvalue()

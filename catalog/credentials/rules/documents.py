"""What a page of a licence may be: judged by its content and written anew. Pure.

Pictures are decoded and encoded again without anything beside their pixels. A PDF is kept as it is,
so it is refused when it could do anything when it is opened: its names are read with their escapes
undone (ISO 32000-1, 7.3.5) and inside compressed object streams (7.5.7).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.credentials.errors import BadPage

LARGEST_PAGE: Final = 10 * 2**20
"""Bytes of one page."""
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 4096
"""Pixels that are kept of a side: the small print of a licence can be read."""
QUALITY: Final = 88

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
ENDINGS: Final = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

_SIGNATURES: Final = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_FORMATS: Final = {JPEG: "JPEG", PNG: "PNG"}
_MODES: Final = frozenset({"L", "RGB", "RGBA"})
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA|GoToE|Movie)\b"
)
_ENCRYPTED: Final = re.compile(rb"/Encrypt\b")
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_TAIL: Final = 2048
_DICTIONARY: Final = 4096
"""Bytes before a stream in which its dictionary stands."""
_MOST_LOOKS: Final = 3
"""How often each byte is looked at: streams that lie in each other could cost without end."""
_MOST_INFLATED: Final = 8 * 2**20
_MOST_INFLATED_IN_ALL: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Page:
    """A page that may be kept."""

    data: bytes
    media_type: str


def checked_page(data: bytes) -> Page:
    """Return the page that is kept of an upload.

    Raises:
        BadPage: It is too large, no PDF, JPG or PNG by its content, broken, or not harmless.
    """
    if not data:
        raise BadPage(BadPage.empty)
    if len(data) > LARGEST_PAGE:
        raise BadPage(BadPage.too_large)
    media_type = next((kind for sign, kind in _SIGNATURES if data.startswith(sign)), None)
    if media_type is None:
        raise BadPage(BadPage.other_kind)
    if media_type == PDF:
        _check_pdf(data)
        return Page(data, PDF)
    return Page(_written_anew(data, media_type), media_type)


def _written_anew(data: bytes, media_type: str) -> bytes:
    """Return only the pixels of a picture, upright and of a sane size."""
    format_ = _FORMATS[media_type]
    try:
        with Image.open(BytesIO(data), formats=[format_]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPage(BadPage.too_many_pixels)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded smaller
            opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: every copy is of all pixels
            upright = ImageOps.exif_transpose(opened)
            pixels = upright if upright.mode in _MODES else upright.convert("RGB")
            return _encoded(pixels, format_)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPage(BadPage.too_many_pixels) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadPage(BadPage.broken) from error


def _encoded(pixels: Image.Image, format_: str) -> bytes:
    pixels.info = {}  # else place, camera, profile and remarks come along
    out = BytesIO()
    if format_ == "JPEG":
        pixels.convert("RGB").save(out, format_, quality=QUALITY, exif=b"", comment=b"")
    else:
        pixels.save(out, format_)
    return out.getvalue()


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-_TAIL:] or b"startxref" not in data:
        raise BadPage(BadPage.broken)
    plain = _plain(data)
    if _ENCRYPTED.search(plain):
        raise BadPage(BadPage.encrypted)
    if _ACTIVE.search(plain) or any(_ACTIVE.search(_plain(text)) for text in _inflated(data)):
        raise BadPage(BadPage.active)


def _plain(data: bytes) -> bytes:
    """Undo the escapes of names: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what the compressed streams hold, as far as it can be objects.

    Raises:
        BadPage: Objects are packed in a way that cannot be looked into.
    """
    budget, left = _MOST_LOOKS * len(data), _MOST_INFLATED_IN_ALL
    for found in _STREAM.finditer(data):
        end = data.find(b"endstream", found.end())
        packed = data[found.end() : end if end > 0 else len(data)]
        budget -= len(packed)
        text, is_whole = _inflate(packed, min(left, _MOST_INFLATED))
        if budget < 0 or (_has_objects(data, found.start()) and not is_whole):
            raise BadPage(BadPage.unreadable)
        left -= len(text)
        yield text


def _has_objects(data: bytes, start: int) -> bool:
    """Tell whether the stream that begins at ``start`` is one of objects."""
    head = _plain(data[max(0, start - _DICTIONARY) : start])
    own = head[head.rfind(b" obj") + 1 :]
    if b"/ObjStm" in own and b"/Predictor" in own:  # what is inflated is not yet the objects
        raise BadPage(BadPage.unreadable)
    return b"/ObjStm" in own


def _inflate(packed: bytes, most: int) -> tuple[bytes, bool]:
    """Return at most ``most`` bytes of a stream, and whether that is all of it."""
    machine = zlib.decompressobj()
    try:
        text = machine.decompress(packed, max(1, most))
    except zlib.error:
        return b"", False
    return text, machine.eof

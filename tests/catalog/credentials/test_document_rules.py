import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from catalog.credentials.errors import BadPage
from catalog.credentials.rules import documents as rules
from catalog.credentials.rules.documents import JPEG, LARGEST_PAGE, PDF, PNG, Page, checked_page
from media.errors import NoSuchMedia
from media.paths import document_key, key_of_url, read_key
from tests.fakes.applying import picture

pytestmark = pytest.mark.unit

TAIL = b"startxref\n9\n%%EOF\n"


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + TAIL


def stream(dictionary: bytes, plain: bytes) -> bytes:
    packed = zlib.compress(plain)
    return b"2 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (dictionary, packed)


OBJECTS = b"/Type /ObjStm /Filter /FlateDecode"
LZW_OBJECTS = b"2 0 obj\n<< /Type /ObjStm /Filter /LZWDecode >>\nstream\n\x80\x0b\nendstream\n"
ACTION = b"<< /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", BadPage.empty),
        (b"%PDF-" + b"0" * LARGEST_PAGE, BadPage.too_large),
        (b"GIF89a" + b"0" * 40, BadPage.other_kind),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", BadPage.other_kind),
        (b"\xff\xd8\xff\xe0 no picture", BadPage.broken),
        (picture()[:-200], BadPage.broken),
        (b"%PDF-1.7\nno end", BadPage.broken),
        (pdf(b"trailer << /Encrypt 5 0 R >>\n"), BadPage.encrypted),
        (pdf(ACTION), BadPage.active),
        (pdf(b"<< /S /J#61vaScript >>"), BadPage.active),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), BadPage.active),
        (pdf(b"<< /Type /EmbeddedFile >>"), BadPage.active),
        (pdf(b"<< /Names << /EmbeddedFiles 7 0 R >> >>"), BadPage.active),
        (pdf(stream(OBJECTS, ACTION)), BadPage.active),
        (pdf(LZW_OBJECTS), BadPage.unreadable),
        (pdf(stream(OBJECTS + b" /DecodeParms << /Predictor 12 >>", b"x")), BadPage.unreadable),
    ],
)
def test_page_that_is_not_harmless_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadPage) as refused:
        checked_page(data)
    assert refused.value.message == reason


def test_plain_pdf_is_kept_as_it_is() -> None:
    data = pdf(stream(OBJECTS, b"<< /Type /Page >>") + stream(b"/Length 4", b"text"))
    assert checked_page(data) == Page(data, PDF)


def test_streams_within_streams_end_the_reading() -> None:
    with pytest.raises(BadPage) as refused:
        checked_page(pdf(b"stream\n" * 2000))
    assert refused.value.message == BadPage.unreadable


def test_picture_loses_everything_but_its_pixels() -> None:
    photo = Image.new("RGB", (60, 20), "red")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "seen at home", 6  # a description, and lying on its side
    out = BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=b"my street")
    kept = checked_page(out.getvalue() + b"<script>")
    opened = Image.open(BytesIO(kept.data))
    assert (kept.media_type, opened.size) == (JPEG, (20, 60))
    assert dict(opened.getexif()) == {}
    assert not any(words in kept.data for words in (b"home", b"street", b"script"))


def test_png_stays_one_without_its_texts() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "somebody")
    out = BytesIO()
    Image.new("RGBA", (10, 10)).save(out, "PNG", pnginfo=texts)
    kept = checked_page(out.getvalue())
    assert kept.media_type == PNG
    assert b"somebody" not in kept.data


def test_picture_with_too_many_pixels_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PIXELS", 100)
    with pytest.raises(BadPage) as refused:
        checked_page(picture())
    assert refused.value.message == BadPage.too_many_pixels


def test_no_address_leads_to_a_page() -> None:
    key = document_key("0123456789abcdef")
    assert key == "documents/0123456789abcdef"
    for address in (f"/media/{key}", f"/media/../{key}", "/media/0123456789abcdef"):
        with pytest.raises(NoSuchMedia):
            key_of_url(address)
    with pytest.raises(NoSuchMedia):
        read_key(key)

"""What a hand-out may be: judged by its content, written anew, saved under a clean name."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.errors import InvalidInput
from streams.handouts.enums import Kind
from streams.handouts.rules import (
    FILE,
    MOST_BYTES,
    NO_FILE,
    NO_TITLE,
    OTHER_KIND,
    TITLE_TOO_LONG,
    TOO_BIG,
    checked_content,
    checked_title,
    saved_as,
)
from streams.handouts.rules.authors import without_author

pytestmark = pytest.mark.unit
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF"
CAMERA = "Ann's phone"


def picture(kind: str) -> bytes:
    """Return a picture that tells more than its pixels."""
    out, told = BytesIO(), Image.Exif()
    told[271] = CAMERA
    remarks = PngInfo()
    remarks.add_text("Author", CAMERA)
    more = {"exif": told} if kind == "JPEG" else {"pnginfo": remarks}
    Image.new("RGB", (40, 30), "teal").save(out, kind, **more)
    assert CAMERA.encode() in out.getvalue()
    return out.getvalue()


def fault_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as refused:
        checked_content(data, language="en")
    (fault,) = refused.value.errors
    return fault.field, fault.message


def test_the_kind_is_what_the_content_says() -> None:
    kinds = [
        checked_content(data, language="en").kind
        for data in (PDF, picture("JPEG"), picture("PNG"), b"<script>alert(1)</script>")
    ]
    assert kinds == [Kind.PDF, Kind.JPEG, Kind.PNG, Kind.TEXT]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_keep_nothing_beside_their_pixels(kind: str) -> None:
    kept = checked_content(picture(kind), language="en").data
    assert CAMERA.encode() not in kept
    with Image.open(BytesIO(kept)) as opened:
        assert (opened.format, opened.size) == (kind, (40, 30))


ABOUT = (
    b"%PDF-1.7\n7 0 obj\n<</Title (Sleep (a\\) diary) /Author (Dr \\( Li) /Producer<4c69> "
    b"/Creator(Li \\(Word\\) 2)>>\nendobj\n17 0 obj<</Author (a word of the text)>>endobj\n"
    b"<?xpacket begin=''?><dc:creator>Li</dc:creator><?xpacket end='w'?>\n"
    b"trailer<</Info 7 0 R>>\nstartxref\n9\n%%EOF"
)


def test_a_pdf_loses_the_names_of_who_wrote_it_and_nothing_moves() -> None:
    kept = checked_content(ABOUT, language="en").data
    assert len(kept) == len(ABOUT)
    assert b"Li" not in kept
    assert b"/Producer<2020>" in kept
    assert b"/Title (Sleep (a\\) diary) /Author (" in kept
    assert b"17 0 obj<</Author (a word of the text)>>" in kept
    assert kept.endswith(b"<?xpacket end='w'?>\ntrailer<</Info 7 0 R>>\nstartxref\n9\n%%EOF")


@pytest.mark.parametrize(
    "broken", [b"/Info 7 0 R 7 0 obj /Author (never closed", b"/Info 7 0 R 7 0 obj /Author <41"]
)
def test_a_text_that_is_never_closed_ends_with_the_file(broken: bytes) -> None:
    assert len(without_author(broken)) == len(broken)


@pytest.mark.parametrize(
    ("data", "language"),
    [
        ("睡眠日记".encode("gb18030"), "zh-Hans"),
        ("睡眠日记".encode("utf-8-sig"), "en"),
        ("睡眠日记".encode("utf-16"), "en"),
        ("睡眠日记".encode(), "en"),
    ],
)
def test_text_becomes_utf_8(data: bytes, language: str) -> None:
    assert checked_content(data, language=language).data == "睡眠日记".encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", NO_FILE),
        (b" \n", NO_FILE),
        (b"a" * (MOST_BYTES + 1), TOO_BIG),
        (b"PK\x03\x04\x14\x00\x06\x00", OTHER_KIND),
        (b"GIF89a\x01\x00\x01\x00\x80\x01", OTHER_KIND),
        (b"MZ\x90\x00\x03", OTHER_KIND),
        (PDF[:20], "This file is damaged or not complete. Save it again."),
        (
            PDF.replace(b"<<>>", b"<</S/J#61vaScript>>"),
            "This PDF holds a script, a form or another file. Print it to a new PDF.",
        ),
        (b"\xff\xd8\xff\xe0 cut off", "This file is damaged or not complete. Save it again."),
    ],
    ids=["nothing", "blank", "large", "zip", "gif", "program", "cut", "script", "picture"],
)
def test_what_is_no_hand_out_is_refused_with_the_reason(data: bytes, message: str) -> None:
    assert fault_of(data) == (FILE, message)


def test_without_a_title_the_file_gives_it() -> None:
    names = {
        ("  Sleep \n diary ", "x.pdf"): "Sleep diary",
        ("", "C:\\Users\\ann\\sleep_diary.v2.pdf"): "sleep diary.v2",
        ("", "notes"): "notes",
        ("", "长" * 200 + ".pdf"): "长" * 120,
    }
    assert {pair: checked_title(pair[0], file_name=pair[1]) for pair in names} == names
    for title, message in (("", NO_TITLE), ("a" * 121, TITLE_TOO_LONG)):
        with pytest.raises(InvalidInput) as refused:
            checked_title(title, file_name="")
        assert [one.message for one in refused.value.errors] == [message]


def test_it_is_saved_under_a_name_that_every_file_system_takes() -> None:
    names = {
        ("Sleep diary: week 1/2?", Kind.PDF): "Sleep diary week 1 2.pdf",
        ("睡眠日记", Kind.JPEG): "睡眠日记.jpg",
        ("../..", Kind.TEXT): "handout.txt",
        ("长" * 120, Kind.PNG): "长" * 80 + ".png",
    }
    assert {(title, kind): saved_as(title, kind) for title, kind in names} == names
    assert max(len(name.encode()) for name in names.values()) <= 255

"""Caption files of others: what is taken, what is put right, and what is refused by its line."""

import pytest

from media.captions import reading
from media.captions.decoding import MOST_BYTES, NO_TEXT, decoded
from media.captions.errors import CaptionsInvalid, Remark
from media.captions.reading import read_captions
from media.captions.writing import subrip
from media.webvtt import webvtt

pytestmark = pytest.mark.unit

SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n{first}\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nB\r\n"
)
VTT = """WEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

NOTE not shown

intro
00:01.000 --> 00:02.500 line:0 position:20% align:start
<v Dr. Lin>Good <i>evening</i> &amp; welcome, 2 &lt; 3<00:01.500> here

01:00:00.000 --> 01:00:01.000
<c.yellow>Later</c>
"""


def test_webvtt_of_others_is_read_without_settings_and_markup() -> None:
    read = read_captions(VTT)
    assert read.cues == (
        (1000, 2500, "Dr. Lin: Good evening & welcome, 2 < 3 here"),
        (3_600_000, 3_601_000, "Later"),
    )
    assert read.remarks == ()
    assert read_captions(webvtt(read.cues)).cues == read.cues


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("words", ["Café, 你好", "Hello"])
def test_subrip_is_read_in_every_usual_encoding(encoding: str, words: str) -> None:
    data = SRT.format(first=words).encode(encoding)
    read = read_captions(decoded(data, language="en"))
    assert read.cues == ((1000, 2500, words), (3000, 4000, "B"))
    assert read_captions(subrip(read.cues)) == read


@pytest.mark.parametrize(
    ("encoding", "language", "words"),
    [
        ("gb18030", "zh-Hans", "失眠的夜晚，先别急着看时间。"),  # noqa: RUF001 -- Chinese
        ("gb18030", "en", "失眠的夜晚先别急着看时间失眠的夜晚先别急着看时间"),
        ("cp1252", "en", "A café – naïve, isn’t it?"),  # noqa: RUF001 -- its own punctuation
    ],
)
def test_older_encodings_are_recognised(encoding: str, language: str, words: str) -> None:
    data = SRT.format(first=words).encode(encoding)
    assert read_captions(decoded(data, language=language)).cues[0].text == words


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\x00", b" \n", b"a" * (MOST_BYTES + 1)]
)
def test_what_is_no_text_is_refused_by_its_content(data: bytes) -> None:
    with pytest.raises(CaptionsInvalid) as refused:
        read_captions(decoded(data, language="en"))
    assert refused.value.errors[0].field == "file"


def test_binary_is_named_as_such() -> None:
    with pytest.raises(CaptionsInvalid) as refused:
        decoded(bytes(range(256)), language="en")
    assert refused.value.errors[0].message == NO_TEXT


def test_lines_that_cannot_be_understood_are_named_and_nothing_is_taken() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nA\n\n"
        "2\n00:00:61,000 --> 00:00:02,000\nB\n\n"
        "3\n00:00:05,000 --> 00:00:04,000\nC\n\n"
        f"4\n00:00:06,000 --> 00:00:07,000\n{'x' * 501}\n"
    )
    with pytest.raises(CaptionsInvalid) as refused:
        read_captions(text)
    assert refused.value.remarks == (
        Remark(6, reading.NO_TIMES),
        Remark(10, reading.BACKWARDS),
        Remark(14, reading.TOO_LONG),
    )
    with pytest.raises(CaptionsInvalid) as refused:
        read_captions("WEBVTT\n\nwords alone\n\n00:01.000 --> 00:02.000\nA\n")
    assert refused.value.remarks == (Remark(3, reading.TEXT_ALONE),)
    with pytest.raises(CaptionsInvalid):
        read_captions("Dear all,\nplease find attached …\n")


def test_disorder_is_put_right_and_told() -> None:
    text = (
        "1\n00:00:05,000 --> 00:00:06,000\nlast\n\nof two rows\n\n"
        "2\n00:00:01,000 --> 00:00:03,000\nfirst\n"
        "3\n00:00:02,000 --> 00:00:04,000\noverlaps\n\n"
        "4\n00:00:04,500 --> 00:00:04,800\n\n"
    )
    read = read_captions(text)
    assert read.cues == (
        (1000, 3000, "first"),
        (2000, 4000, "overlaps"),
        (5000, 6000, "last\nof two rows"),
    )
    assert read.remarks == (
        Remark(8, reading.OUT_OF_ORDER),
        Remark(11, reading.OVERLAP),
        Remark(15, reading.EMPTY),
    )

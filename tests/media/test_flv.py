"""Tags there and back, growing files, and codec headers as real encoders write them."""

import io
from contextlib import suppress
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import flv
from media.flv import AacShape, AvcShape, FlvError, PacketKind, Tag

pytestmark = pytest.mark.unit

# From x264: 642x358 at 30 frames per second, constrained baseline, cropped.
AVC_CONFIG = bytes.fromhex(
    "17000000000142c01effe100196742c01eda0290bf889b0110000003001000000303c0f162ea01000468ce0fc8"
)
AAC_CONFIG = bytes.fromhex("af00121056e500")  # LC, 44.1 kHz, stereo

tags = st.lists(
    st.tuples(
        st.sampled_from([flv.AUDIO, flv.VIDEO, flv.SCRIPT]),
        st.integers(0, 2**32 - 1),
        st.binary(max_size=50),
    ),
    max_size=8,
)


def file_of(*parts: tuple[int, int, bytes]) -> bytes:
    return flv.header() + b"".join(flv.write_tag(*part) for part in parts)


def test_tag_is_written_as_the_specification_says() -> None:
    assert flv.write_tag(flv.VIDEO, 0x12345678, b"abc") == bytes.fromhex(
        "09 000003 345678 12 000000 616263 0000000e"
    )


@pytest.mark.parametrize(
    ("video", "audio", "flags"), [(True, True, 5), (True, False, 1), (False, True, 4)]
)
def test_header_names_its_tracks(*, video: bool, audio: bool, flags: int) -> None:
    expected = b"FLV\x01" + bytes([flags]) + bytes.fromhex("00000009 00000000")
    assert flv.header(video=video, audio=audio) == expected
    assert len(expected) == flv.HEADER_SIZE


def test_tag_that_does_not_fit_is_refused() -> None:
    with pytest.raises(FlvError, match="16777216 bytes"):
        flv.write_tag(flv.VIDEO, 0, bytes(2**24))
    with pytest.raises(FlvError, match="kind 10"):
        flv.write_tag(10, 0, b"")


@given(tags)
def test_tags_come_back(parts: list[tuple[int, int, bytes]]) -> None:
    found = list(flv.iter_tags(file_of(*parts)))
    assert [(tag.kind, tag.timestamp_ms, tag.payload) for tag in found] == parts
    offsets = accumulate((tag.size for tag in found), initial=flv.HEADER_SIZE)
    assert [tag.offset for tag in found] == list(offsets)[:-1]


@given(tags, st.lists(st.integers(0, 60), max_size=10))
def test_growing_file_is_read_piece_by_piece(
    parts: list[tuple[int, int, bytes]], steps: list[int]
) -> None:
    whole = file_of(*parts)
    found: list[Tag] = []
    offset = 0
    for end in [*accumulate(steps), len(whole)]:
        more, offset = flv.read_tags(io.BytesIO(whole[:end]), offset)
        found += more
    assert found == list(flv.iter_tags(whole))
    assert offset == len(whole)


def test_reading_stops_after_as_much_as_was_asked_for() -> None:
    file = io.BytesIO(file_of(*[(flv.AUDIO, at, bytes(85)) for at in range(5)]))
    first, offset = flv.read_tags(file, at_most=150)
    rest, _ = flv.read_tags(file, offset)
    assert [tag.timestamp_ms for tag in first] == [0, 1]
    assert [tag.timestamp_ms for tag in rest] == [2, 3, 4]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends inside the tag at byte 0"),
        (b"FLV\x01\x05", "ends inside the tag at byte 0"),
        (b"GIF89a", "does not start as"),
        (flv.header() + b"\x09\x00\x00", "ends inside the tag at byte 13"),
        (file_of((9, 0, b"abc"))[:-1], "ends inside the tag at byte 13"),
        (file_of((9, 0, b"abc"))[:-1] + b"\x00", "at byte 13 does not end"),
        (file_of((9, 0, b"abc")) + b"\x07" + bytes(20), "no tag starts at byte 31"),
    ],
)
def test_damaged_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FlvError, match=reason):
        list(flv.iter_tags(data))


def test_shape_of_an_avc_picture_is_read() -> None:
    assert flv.parse_sps(AVC_CONFIG) == AvcShape(
        width=642,
        height=358,
        profile=66,
        level=30,
        codec="avc1.42c01e",
        frame_rate=30.0,
        length_size=4,
    )


class BitWriter:
    """Writes an SPS by hand, for what x264 does not make."""

    def __init__(self) -> None:
        self.text = ""

    def u(self, count: int, value: int) -> "BitWriter":
        self.text += f"{value:0{count}b}"
        return self

    def ue(self, *values: int) -> "BitWriter":
        for value in values:
            self.text += "0" * (len(f"{value + 1:b}") - 1) + f"{value + 1:b}"
        return self

    def config(self) -> bytes:
        padded = self.text + "1" + "0" * (-len(self.text + "1") % 8)
        sps = b"\x67" + int(padded, 2).to_bytes(len(padded) // 8, "big")
        sps = sps.replace(b"\x00\x00\x00", b"\x00\x00\x03\x00")
        record = b"\x01\x64\x00\x28\xfd\xe1" + len(sps).to_bytes(2, "big") + sps
        return b"\x17\x00\x00\x00\x00" + record


def test_shape_of_an_interlaced_high_profile_picture_is_read() -> None:
    bits = BitWriter().u(8, 100).u(8, 0).u(8, 40)
    bits.ue(0, 1, 0, 0).u(1, 0)  # 4:2:0, eight bits
    bits.u(1, 1).u(1, 1).ue(*[0] * 16).u(7, 0)  # one flat scaling list of the eight
    bits.ue(0, 1).u(1, 0).ue(0, 0, 2, 3, 4)  # picture order of type 1, a cycle of two
    bits.ue(4).u(1, 0).ue(119, 33).u(1, 0).u(1, 1).u(1, 1)  # 120 x 34 x 2 macroblocks, fields
    bits.u(1, 1).ue(0, 0, 0, 2)  # cropped from 1088 to 1080
    bits.u(1, 1).u(1, 1).u(8, 255).u(16, 1).u(16, 1).u(1, 1).u(1, 0)  # an aspect ratio of its own
    bits.u(1, 1).u(4, 5).u(1, 1).u(24, 1).u(1, 1).ue(0, 0)  # colours, place of chroma
    bits.u(1, 1).u(32, 1).u(32, 50)
    assert flv.parse_sps(bits.config()) == AvcShape(
        width=1920,
        height=1080,
        profile=100,
        level=40,
        codec="avc1.640028",
        frame_rate=25.0,
        length_size=2,
    )


def test_picture_without_timing_has_no_frame_rate() -> None:
    bits = BitWriter().u(8, 66).u(8, 0xC0).u(8, 30).ue(0, 0, 2, 1).u(1, 0).ue(39, 22)
    shape = flv.parse_sps(bits.u(1, 1).u(1, 1).u(1, 0).u(1, 0).config())
    assert (shape.width, shape.height, shape.frame_rate) == (640, 368, 0.0)


@pytest.mark.parametrize("end", range(len(AVC_CONFIG) - 12))
def test_cut_off_avc_config_is_refused(end: int) -> None:
    with pytest.raises(FlvError):
        flv.parse_sps(AVC_CONFIG[:end])


@pytest.mark.parametrize(
    ("config", "shape"),
    [
        ("af00 1210", AacShape(2, 44100, 2, "mp4a.40.2")),
        ("af00 1188", AacShape(2, 48000, 1, "mp4a.40.2")),
        ("af00 2b11 8800", AacShape(5, 48000, 2, "mp4a.40.5")),
        ("af00 17805dc010", AacShape(2, 48000, 2, "mp4a.40.2")),
        ("90 6d703461 1210", AacShape(2, 44100, 2, "mp4a.40.2")),
    ],
)
def test_aac_config_is_read(config: str, shape: AacShape) -> None:
    assert flv.aac_config(bytes.fromhex(config)) == shape


@pytest.mark.parametrize("config", ["", "af", "af00", "af0012", "af01 1210", "af00 1690"])
def test_bad_aac_config_is_refused(config: str) -> None:
    with pytest.raises(FlvError):
        flv.aac_config(bytes.fromhex(config))


@pytest.mark.parametrize(
    ("payload", "codec", "kind", "keyframe", "composition"),
    [
        ("17 01 000000 aa", "avc", PacketKind.FRAME, True, 0),
        ("27 01 fffff6 aa", "avc", PacketKind.FRAME, False, -10),
        ("17 00 000000 aa", "avc", PacketKind.CONFIG, True, 0),
        ("17 02 000000 aa", "avc", PacketKind.OTHER, True, 0),
        ("1c 01 000028 aa", "hvc1", PacketKind.FRAME, True, 40),
        ("12 aa", "sorenson-h263", PacketKind.FRAME, True, 0),
        ("1a aa", "video-10", PacketKind.FRAME, True, 0),
        ("90 68766331 aa", "hvc1", PacketKind.CONFIG, True, 0),
        ("91 68766331 000028 aa", "hvc1", PacketKind.FRAME, True, 40),
        ("a3 68766331 aa", "hvc1", PacketKind.FRAME, False, 0),
        ("91 61763031 aa", "av01", PacketKind.FRAME, True, 0),
        ("91 76703039 aa", "vp09", PacketKind.FRAME, True, 0),
        ("91 61766331 000028 aa", "avc", PacketKind.FRAME, True, 40),
        ("94 61763031 aa", "av01", PacketKind.OTHER, True, 0),
    ],
)
def test_video_payload_is_taken_apart(
    *, payload: str, codec: str, kind: PacketKind, keyframe: bool, composition: int
) -> None:
    data = bytes.fromhex(payload)
    assert flv.read_video(data) == flv.VideoPacket(
        codec=codec, kind=kind, keyframe=keyframe, composition_ms=composition,
        data=data[-1:],
    )  # fmt: skip
    assert flv.video_codec(data) == codec
    assert flv.is_video_keyframe(data) == (keyframe and kind == PacketKind.FRAME)
    assert flv.is_avc_sequence_header(data) == (codec == "avc" and kind == PacketKind.CONFIG)


@pytest.mark.parametrize(
    ("payload", "codec", "kind"),
    [
        ("af 01 aa", "aac", PacketKind.FRAME),
        ("af 00 aa", "aac", PacketKind.CONFIG),
        ("2f aa", "mp3", PacketKind.FRAME),
        ("3e aa", "pcm", PacketKind.FRAME),
        ("cf aa", "audio-12", PacketKind.FRAME),
        ("90 4f707573 aa", "Opus", PacketKind.CONFIG),
        ("91 4f707573 aa", "Opus", PacketKind.FRAME),
        ("95 4f707573 aa", "Opus", PacketKind.OTHER),
    ],
)
def test_audio_payload_is_taken_apart(payload: str, codec: str, kind: PacketKind) -> None:
    data = bytes.fromhex(payload)
    assert flv.read_audio(data) == flv.AudioPacket(codec=codec, kind=kind, data=b"\xaa")
    assert flv.audio_codec(data) == codec
    assert flv.is_aac_sequence_header(data) == (codec == "aac" and kind == PacketKind.CONFIG)


@pytest.mark.parametrize(
    ("units", "length_size", "found"),
    [
        ("00000002 0910 00000002 6588", 4, True),
        ("00000002 0910 00000002 4188", 4, False),  # a keyframe of an open GOP
        ("0002 0910 0002 2588", 2, True),
        ("00000000 00000001 65", 4, True),
        ("", 4, False),
    ],
)
def test_idr_picture_is_found(*, units: str, length_size: int, found: bool) -> None:
    payload = b"\x17\x01\x00\x00\x00" + bytes.fromhex(units)
    assert flv.contains_idr(payload, length_size=length_size) == found


@pytest.mark.parametrize("units", ["00", "000000", "00000002 41", "00000005 41888888"])
def test_cut_off_picture_is_refused(units: str) -> None:
    with pytest.raises(FlvError, match="cut off"):
        flv.contains_idr(b"\x17\x01\x00\x00\x00" + bytes.fromhex(units))


READERS = [
    flv.read_video,
    flv.read_audio,
    flv.parse_sps,
    flv.aac_config,
    flv.contains_idr,
    lambda data: list(flv.iter_tags(data)),
]


@pytest.mark.parametrize("reader", READERS)
@given(
    data=st.binary(max_size=60)
    | st.binary(max_size=40).map(lambda rest: AVC_CONFIG[:14] + rest)
    | st.binary(max_size=20).map(lambda rest: AAC_CONFIG[:2] + rest)
    | st.binary(max_size=40).map(lambda rest: flv.header() + rest)
)
def test_garbage_raises_nothing_but_an_flv_error(reader: object, data: bytes) -> None:
    assert callable(reader)
    with suppress(FlvError):
        reader(data)

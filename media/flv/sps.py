"""What an AVC sequence header says of the picture (ITU-T H.264, 7.3.2.1.1 and annex E)."""

from dataclasses import dataclass

from media.flv.bits import BitReader
from media.flv.codecs import is_avc_sequence_header, read_video
from media.flv.errors import FlvError

HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
EXTENDED_SAR = 255
SPS_START = 8  # an AVCDecoderConfigurationRecord: six bytes, then the length of the first SPS
CHROMA_420, CHROMA_422, CHROMA_444 = 1, 2, 3


@dataclass(frozen=True, slots=True)
class AvcShape:
    """The picture of an AVC stream.

    ``frame_rate`` is 0 when the stream does not say; ``codec`` is the RFC 6381 string;
    ``length_size`` is the number of bytes before each NAL unit.
    """

    width: int
    height: int
    profile: int
    level: int
    codec: str
    frame_rate: float
    length_size: int


def parse_sps(payload: bytes) -> AvcShape:
    """Read the shape of the picture from an AVC sequence header.

    Args:
        payload: Of the video tag for which ``is_avc_sequence_header`` holds.

    Raises:
        FlvError: it is none, holds no SPS, or is cut off.
    """
    if not is_avc_sequence_header(payload):
        message = "this is no AVC sequence header"
        raise FlvError(message)
    record = read_video(payload).data
    sps = _first_sps(record)
    reader = BitReader(_without_emulation(sps[1:]))
    profile, constraints, level = reader.bits(8), reader.bits(8), reader.bits(8)
    width, height = _read_size(reader, profile)
    return AvcShape(
        width=width,
        height=height,
        profile=profile,
        level=level,
        codec=f"avc1.{profile:02x}{constraints:02x}{level:02x}",
        frame_rate=_read_frame_rate(reader),
        length_size=(record[4] & 0x03) + 1,
    )


def _first_sps(record: bytes) -> bytes:
    length = int.from_bytes(record[6:SPS_START], "big")
    sps = record[SPS_START : SPS_START + length]
    if len(record) < SPS_START or not record[5] & 0x1F or len(sps) < max(length, 4):
        message = "the AVC sequence header is cut off or holds no SPS"
        raise FlvError(message)
    return sps


def _without_emulation(nal: bytes) -> bytes:
    """Drop the 03 of each 00 00 03 (ITU-T H.264, 7.4.1)."""
    return nal.replace(b"\x00\x00\x03", b"\x00\x00")


def _read_size(reader: BitReader, profile: int) -> tuple[int, int]:
    reader.ue()  # seq_parameter_set_id
    chroma = _read_chroma(reader) if profile in HIGH_PROFILES else CHROMA_420
    _skip_picture_order(reader)
    reader.ue()  # max_num_ref_frames
    reader.flag()  # gaps_in_frame_num_value_allowed_flag
    columns, rows = reader.ue() + 1, reader.ue() + 1
    frames_only = reader.flag()
    if not frames_only:
        reader.flag()  # mb_adaptive_frame_field_flag
    reader.flag()  # direct_8x8_inference_flag
    fields = 1 if frames_only else 2
    left, right, top, bottom = _read_cropping(reader)
    unit_x = 2 if chroma in {CHROMA_420, CHROMA_422} else 1
    unit_y = (2 if chroma == CHROMA_420 else 1) * fields
    width = columns * 16 - (left + right) * unit_x
    height = rows * 16 * fields - (top + bottom) * unit_y
    if width <= 0 or height <= 0:
        message = "the AVC sequence header describes a picture without a size"
        raise FlvError(message)
    return width, height


def _read_chroma(reader: BitReader) -> int:
    chroma = reader.ue()
    if chroma == CHROMA_444:
        reader.flag()  # separate_colour_plane_flag; cropping counts single samples either way
    reader.ue()  # bit_depth_luma_minus8
    reader.ue()  # bit_depth_chroma_minus8
    reader.flag()  # qpprime_y_zero_transform_bypass_flag
    if reader.flag():  # seq_scaling_matrix_present_flag
        for index in range(12 if chroma == CHROMA_444 else 8):
            if reader.flag():
                _skip_scaling_list(reader, 16 if index < 6 else 64)  # noqa: PLR2004 -- 4x4, then 8x8
    return chroma


def _skip_scaling_list(reader: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + reader.se()) % 256
        last = following or last


def _skip_picture_order(reader: BitReader) -> None:
    reader.ue()  # log2_max_frame_num_minus4
    kind = reader.ue()
    if kind == 0:
        reader.ue()  # log2_max_pic_order_cnt_lsb_minus4
    elif kind == 1:
        reader.flag()  # delta_pic_order_always_zero_flag
        reader.se()  # offset_for_non_ref_pic
        reader.se()  # offset_for_top_to_bottom_field
        for _ in range(reader.ue()):
            reader.se()  # offset_for_ref_frame


def _read_cropping(reader: BitReader) -> tuple[int, int, int, int]:
    if not reader.flag():
        return 0, 0, 0, 0
    return reader.ue(), reader.ue(), reader.ue(), reader.ue()


def _read_frame_rate(reader: BitReader) -> float:
    """Return frames per second from the VUI timing, 0 when there is none."""
    if not reader.flag():  # vui_parameters_present_flag
        return 0.0
    if reader.flag() and reader.bits(8) == EXTENDED_SAR:
        reader.bits(32)
    if reader.flag():  # overscan_info_present_flag
        reader.flag()
    if reader.flag():  # video_signal_type_present_flag
        reader.bits(4)
        if reader.flag():  # colour_description_present_flag
            reader.bits(24)
    if reader.flag():  # chroma_loc_info_present_flag
        reader.ue()
        reader.ue()
    if not reader.flag():  # timing_info_present_flag
        return 0.0
    unit, scale = reader.bits(32), reader.bits(32)
    return scale / (2 * unit) if unit else 0.0

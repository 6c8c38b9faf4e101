"""AMF0 against bytes written by hand, and there and back."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.doors.rtmp import amf
from streams.doors.rtmp.errors import ProtocolError

pytestmark = pytest.mark.unit

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(values, max_size=4))
def test_values_come_back(sent: list[amf.Value]) -> None:
    assert amf.decode(amf.encode(*sent)) == sent


def test_long_text_comes_back() -> None:
    assert amf.decode(amf.encode("é" * 40_000)) == ["é" * 40_000]


def test_text_that_is_no_utf8_is_read() -> None:
    assert amf.decode(b"\x02\x00\x02\xff!") == ["�!"]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00 3ff0000000000000", 1.0),
        ("01 01", True),
        ("02 0003 616263", "abc"),
        ("03 0001 61 05 0001 62 01 00 0000 09", {"a": None, "b": False}),
        ("05", None),
        ("06", None),
        ("08 00000063 0001 61 06 0000 09", {"a": None}),
        ("0a 00000002 05 01 01", [None, True]),
        ("0b 4000000000000000 0000", 2.0),
        ("0c 00000001 61", "a"),
        ("0f 00000001 3c", "<"),
        ("10 0001 43 0001 61 05 0000 09", {"a": None}),
    ],
)
def test_value_of_each_kind_is_read(data: str, value: amf.Value) -> None:
    assert amf.decode(bytes.fromhex(data)) == [value]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x3f", "cut off"),
        (b"\x02\xff\xffabc", "cut off"),
        (b"\x03\x00\x01a\x05", "cut off"),
        (b"\x0a\xff\xff\xff\xff\x05", "cut off"),
        (b"\x07\x00\x00", "unknown kind"),
        (b"\x11\x01", "unknown kind"),
        (b"\x0a\x00\x00\x00\x01" * 10_000, "too deeply"),
        (b"\x05" * 5000, "too many"),
    ],
)
def test_malformed_value_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        amf.decode(data)


@given(st.binary(max_size=200))
@example(b"\x03\x00\x00")
def test_garbage_raises_nothing_but_a_protocol_error(data: bytes) -> None:
    with suppress(ProtocolError):
        amf.decode(data)

"""Details by which a person could be known: found where they are, and not where they are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.triage.identifying import LABELS, Detail, identifying_details

pytestmark = pytest.mark.unit


def found(text: str) -> list[tuple[str, str]]:
    return [(each.detail.value, text[each.start : each.end]) for each in identifying_details(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call me at 138 1234 5678", [("phone", "138 1234 5678")]),
        ("write to anna.b@example.org", [("mail", "anna.b@example.org")]),
        ("身份证110101199003071234", [("id_number", "110101199003071234")]),
        ("加我微信 abc_1234", [("account", "微信 abc_1234")]),
        ("my QQ: 12345678", [("account", "QQ: 12345678")]),
        ("我的医生是王建国", [("name", "王建国")]),
        ("王医生说我要住院", [("name", "王")]),
        ("my psychiatrist Anna Smith says", [("name", "Anna Smith")]),
        ("I live at 12 Elm Tree Road", [("address", "12 Elm Tree Road")]),
        ("see https://example.org/me", [("link", "https://example.org/me")]),
        (
            "Dr. Brown, 020 7946 0958",
            [("name", "Brown"), ("phone", "020 7946 0958")],
        ),
    ],
)
def test_a_detail_is_found_where_it_stands(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "My doctor says 50 mg at 22:30 is fine",
        "since 2026-11-22, or 2019 2020",
        "I called 988 and 116 123",
        "12356 打不通怎么办",
        "于是医生让我多休息",
        "家庭医生和护士有什么不同",
    ],
)
def test_ordinary_words_and_numbers_of_help_are_no_details(text: str) -> None:
    assert found(text) == []


def test_wide_figures_are_read_like_narrow_ones() -> None:
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in "13812345678")
    assert found(wide) == [("phone", wide)]


def test_every_kind_has_a_name_to_show() -> None:
    assert set(LABELS) == set(Detail)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_details_never_overlap_and_lie_in_the_text(text: str) -> None:
    details = identifying_details(text)
    ends = [0, *(each.end for each in details)]
    assert all(end <= each.start < each.end for end, each in zip(ends, details, strict=False))
    assert ends[-1] <= len(text)

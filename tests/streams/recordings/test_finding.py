import pytest

from streams.recordings.finding import find_words

pytestmark = pytest.mark.unit

LINES = ("Salt, and table  salt.", "Attacks of panic", "失眠不是你的错。")


def _marked(wanted: str) -> tuple[int, list[str]]:
    finding = find_words(wanted, LINES)
    cut = [finding.pieces(line) for line in LINES]
    return finding.count, [piece.text for pieces in cut for piece in pieces if piece.is_found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("salt", (1, ["Salt", "salt"])),
        ("Table salt", (1, ["table  salt"])),
        ("a panic attack", (1, ["Attack", "panic"])),
        ("失眠", (1, ["失眠"])),
        (".*", (0, [])),
        ("  ", (0, [])),
    ],
)
def test_words_are_found_as_their_twin_in_the_browser_finds_them(
    wanted: str, found: tuple[int, list[str]]
) -> None:
    assert _marked(wanted) == found


def test_a_line_keeps_all_its_letters() -> None:
    pieces = find_words("salt", LINES).pieces(LINES[0])
    assert "".join(piece.text for piece in pieces) == LINES[0]

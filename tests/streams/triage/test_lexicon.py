"""The lexicon: what it finds, how often it is wrong, and that no spelling gets past it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import utc_now
from core.phrases import Entry
from streams.triage.lexicon import redirect_book, risk_book
from streams.triage.measure import read_set, table_of
from streams.triage.rules import TIERS, tier_of

pytestmark = pytest.mark.unit

DATA = Path(__file__).parent / "data"
ENTRIES = [*risk_book().entries, *redirect_book().entries]
PHRASES = ("I want to kill myself", "thinking about suicide", "我想自杀", "我不想活了", "割腕了")
INVISIBLE = ("\u200b", "\u00ad", "\ufe0f", "\u2060")


def file_of(name: str) -> list[tuple[str, str]]:
    return read_set(DATA / f"{name}.tsv")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_held_out_set_is_large_and_recalled_with_few_false_alarms(language: str) -> None:
    pairs = file_of(f"{language}_held_out")
    assert len(pairs) >= 400
    table = table_of(pairs)
    assert table.recall >= 0.95
    assert table.high_on_low <= 0.03
    assert table.any_on_low <= 0.05


@pytest.mark.parametrize(("language", "recall"), [("en", 0.55), ("zh", 0.45)])
def test_a_set_by_somebody_who_never_read_the_lexicon_is_not_lost_further(
    language: str, recall: float
) -> None:
    """Far from enough, and said so in docs/risk-lexicon.md; this only keeps it from falling."""
    pairs = file_of(f"{language}_blind_held_out")
    assert len(pairs) >= 400
    table = table_of(pairs)
    assert table.recall >= recall
    assert table.high_on_low <= 0.08


@pytest.mark.parametrize("name", sorted(file.stem for file in DATA.glob("*_tuning*.tsv")))
def test_what_it_was_tuned_on_is_not_lost_again(name: str) -> None:
    table = table_of(file_of(name))
    assert table.recall >= 0.96
    assert table.high_on_low <= 0.03


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to be alive",
        "my friend hasn't answered since he said goodbye",
        "my husband took all his pills and won't wake up",
        "not suicidal, just don't want to exist",
        "我不是想死 只是不想活了",
        "我老公把药全吃了 叫不醒",
        "室友留了遗书 人不见了",
    ],
)
def test_no_context_swallows_a_plea(text: str) -> None:
    assert tier_of(text).tier == "high"


@pytest.mark.parametrize(
    "text",
    [
        "my husband takes his pills every morning",
        "this is my last question",
        "jumping to conclusions is a thinking error",
        "笑死我了",
        "想死你们了",
        "自杀热线是怎么工作的",
        "谢谢大家 先下了 再见",
    ],
)
def test_what_only_sounds_like_a_plea_rings_no_alarm(text: str) -> None:
    assert tier_of(text).tier != "high"


def test_no_text_is_in_two_sets() -> None:
    texts = [text for file in DATA.glob("*.tsv") for _, text in read_set(file)]
    labels = {label for file in DATA.glob("*.tsv") for label, _ in read_set(file)}
    assert len(texts) == len(set(texts))
    assert labels == set(TIERS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_says_what_it_means_and_who_signed_it(entry: Entry) -> None:
    fields = {name: getattr(entry, name) for name in ("id", "meaning", "source", "tier")}
    assert all(fields.values())
    assert bool(entry.reviewed_by) == bool(entry.reviewed_on)
    if entry.reviewed_on:
        assert date.fromisoformat(entry.reviewed_on) <= utc_now().date()


def test_ids_are_unique() -> None:
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("k1ll mys3lf", "high"),
        ("I am su1c1dal", "high"),
        ("K I L L  M Y S E L F", "high"),
        ("kiiill myself", "high"),
        ("iwanttokillmyself", "high"),
        ("我想自s", "high"),
        ("想紫砂了", "high"),
        ("想送爸爸一把紫砂壶", "low"),
        ("我想自殺", "high"),
        ("I don't want to die", "low"),
        ("笑死我了", "low"),
        ("my friend wants to kill himself", "medium"),
        ("我朋友说他想自杀", "medium"),
    ],
)
def test_spelling_and_context_are_seen_through(text: str, tier: str) -> None:
    assert tier_of(text).tier == tier


@pytest.mark.parametrize(
    ("text", "redirect"),
    [
        ("Do I have bipolar disorder?", "diagnosis"),
        ("我是不是得了抑郁症", "diagnosis"),
        ("Should I take 10 or 20 mg of citalopram?", "dosing"),
        ("我吃舍曲林50毫克要不要加到100", "dosing"),
        ("How is bipolar disorder diagnosed?", ""),
        ("抑郁症会遗传吗", ""),
    ],
)
def test_a_question_for_one_person_is_redirected(text: str, redirect: str) -> None:
    assert tier_of(text).redirect == redirect


FEW = settings(max_examples=25, deadline=None)
PLACES = st.lists(st.booleans(), min_size=24, max_size=24)


@FEW
@given(st.text(max_size=200))
def test_any_text_gets_a_tier(text: str) -> None:
    assert tier_of(text).tier in TIERS


@FEW
@given(st.sampled_from(PHRASES), st.sampled_from(INVISIBLE), PLACES)
def test_marks_without_width_hide_nothing(phrase: str, mark: str, places: list[bool]) -> None:
    pairs = zip(phrase, places, strict=False)
    assert tier_of("".join(c + mark * here for c, here in pairs)).tier == "high"


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_space_inside_a_word_hides_nothing(phrase: str) -> None:
    broken = [f"{phrase[:at]} {phrase[at:]}" for at in range(1, len(phrase))]
    assert [text for text in broken if tier_of(text).tier != "high"] == []


@pytest.mark.parametrize("phrase", PHRASES)
def test_pictures_between_words_hide_nothing(phrase: str) -> None:
    hidden = phrase.replace(" ", " 💔 ") if phrase.isascii() else "🙂".join(phrase)
    assert tier_of(hidden).tier == "high"


@pytest.mark.parametrize("phrase", PHRASES)
def test_wide_letters_hide_nothing(phrase: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in phrase)
    assert tier_of(wide).tier == "high"


@pytest.mark.parametrize("piece", ["want to ", "想", "a."])
def test_the_longest_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (10_000 // len(piece)) + ". I want to kill myself"
    assert tier_of(text).tier == "high"

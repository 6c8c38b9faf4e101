"""What is marked for moderators, what is prepared for an answer, what looks like a duplicate."""

from streams.moderation.rules import help_text, likest, pieces_of, prepared_for
from streams.triage.replies import prepared_replies


def test_the_pieces_add_up_and_name_what_sounds_like_risk_and_who_somebody_is() -> None:
    text = "I want to kill myself, says my doctor Anna Canary. Mail a@example.org"
    pieces = pieces_of(text)
    assert "".join(piece.text for piece in pieces) == text
    marked = [(piece.text, piece.mark) for piece in pieces if piece.mark]
    assert ("a@example.org", "detail") in marked
    assert [mark for words, mark in marked if "kill myself" in words] == ["risk"]
    assert [mark for _, mark in [(p.text, p.mark) for p in pieces_of("我不想活了")] if mark] == [
        "risk"
    ]


def test_prepared_texts_fit_the_words_and_the_language() -> None:
    dosing = prepared_for("How many mg of sertraline should I take?", "low", "zh-Hans")
    assert dosing[0].key == "dosing"
    assert "emergency" not in {one.key for one in dosing}
    urgent = prepared_for("I want to kill myself", "high", "en")
    assert urgent[0].text == help_text("en")
    assert {"off_topic", "unkind"}.isdisjoint(one.key for one in urgent)
    middle = prepared_for("I feel hopeless", "medium", "en")
    assert len(middle) == len(prepared_replies())


def test_the_likest_question_comes_first_in_both_languages() -> None:
    others = [
        ("a", "What is a chronotype?"),
        ("b", "How long must one sleep before a night shift?"),
        ("c", "倒班前应该睡多久"),
    ]
    assert likest("How long should I sleep before a night shift?", others)[0] == "b"
    assert likest("倒班之前睡多久合适", others)[0] == "c"

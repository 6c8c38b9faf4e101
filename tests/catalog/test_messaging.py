"""Safe messaging: hurtful wording is found and explained, ordinary teaching is not."""

import pytest

from catalog.editing.rules.messaging import LONG, REASONS, messaging_findings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("He committed suicide", {"stigma"}),
        ("A failed suicide attempt", {"stigma"}),
        ("The schizophrenic next door", {"stigma"}),
        ("She hanged herself", {"method"}),
        ("A well-known suicide spot", {"place"}),
        ("Suicide after failed exams", {"single_cause"}),
        ("He is now at peace", {"glamour"}),
        ("Guaranteed cure, once and for all", {"promise"}),
        ("精神病人发疯伤人", {"stigma"}),
        ("他上吊自杀", {"method"}),
        ("因失恋自杀", {"single_cause"}),
        ("死亡是一种解脱", {"glamour"}),
        ("三天见效", {"promise"}),
        ("How to talk about suicide prevention", set()),
        ("People with schizophrenia at work", set()),
        ("精神病学与精神病性症状入门", set()),
        ("怎样和孩子谈自杀", set()),
    ],
)
def test_wording_is_found_by_kind(text: str, kinds: set[str]) -> None:
    assert {finding.kind for finding in messaging_findings({"titles.en": text})} == kinds


def test_a_finding_names_its_field_its_words_and_the_reason() -> None:
    (finding,) = messaging_findings({"titles.en": "Why he committed suicide", "slug": "sleep"})
    assert (finding.field, finding.excerpt) == ("titles.en", "committed suicide")
    assert finding.reason == REASONS["stigma"]


def test_a_long_text_on_suicide_names_help_at_its_start_and_its_end() -> None:
    middle = "We speak about suicide. " * (LONG // 10)
    bare = messaging_findings({"d": middle})
    assert [finding.kind for finding in bare] == ["help"]
    assert messaging_findings({"d": f"See crisis help. {middle} Call the helpline."}) == []
    assert messaging_findings({"d": f"See crisis help. {middle}"}) != []

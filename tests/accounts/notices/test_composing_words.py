"""How the words of a kind and the values of a source become paragraphs."""

import pytest

from accounts.notices.wording.samples import sample_say
from core.words import ENGLISH
from tests.fakes.letters import composed, html_of, plain_of


def test_blocks_that_are_empty_leave_no_gap() -> None:
    values = {**sample_say("day_before", ENGLISH).values, "note": ""}
    plain = plain_of(composed("day_before", values=values))
    assert "45 minutes\n\nYou need no account" in plain
    assert '<p class="ink" style="margin:0 0 16px;color:#0f2523"></p>' not in html_of(
        composed("day_before", values=values)
    )


def test_blocks_are_lists_or_what_somebody_wrote() -> None:
    plain = plain_of(composed("changed"))
    assert "\n\n- New start: Tuesday 24 November" in plain
    assert "- Dr Amara Okafor speaks in place of Dr Jonas Weber.\n\nThis is" in plain
    written = "First line\nsecond line\n\nA paragraph."
    values = {**sample_say("proposal_returned", ENGLISH).values, "reason": written}
    mail = composed("proposal_returned", values=values)
    assert f"\n\n{written}\n\n" in plain_of(mail)
    assert "First line<br>second line</p>" in html_of(mail)


def test_items_of_a_digest_are_links_of_what_they_say() -> None:
    page = html_of(composed("digest"))
    assert ">The replay is ready: Monday 23 November, 11:30 (London, UTC) · Worry, and what" in page
    assert 'href="https://mindcast.example.org/livestreams/1"' in page
    assert ">https://" not in page


def test_values_are_text_and_nothing_else() -> None:
    odd = "<script>alert(1)</script> & {starts} {{x}} \r\nBcc: x@example.org"
    values = {
        **sample_say("day_before", ENGLISH).values,
        "title": odd,
        "host": "https://evil.example",
    }
    mail = composed("day_before", values=values, title=odd, shows_titles=True)
    page = html_of(mail)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {starts} {{x}} " in page
    assert mail["Bcc"] is None
    assert "\nBcc" not in plain_of(mail)
    assert mail["Subject"].endswith("{starts} {{x}} Bcc: x@example.org")
    assert 'href="https://evil' not in page


def test_link_that_ends_in_a_foreign_site_is_no_link() -> None:
    values = {**sample_say("changed", ENGLISH).values}
    values["changes"] = "Look · https://mindcast.example.org.evil.example/x"
    assert 'href="https://mindcast.example.org.evil' not in html_of(
        composed("changed", values=values)
    )


def test_was_is_the_start_when_nobody_moved_it() -> None:
    values = {**sample_say("cancelled", ENGLISH).values, "was": ""}
    subject = composed("cancelled", values=values)["Subject"]
    assert subject == f"Cancelled: the livestream on {values['starts']}"


def test_variable_that_the_source_forgot_is_named() -> None:
    with pytest.raises(KeyError, match="left"):
        composed(
            "minutes_before", values={"starts": "x", "title": "x", "host": "x", "minutes": "1"}
        )

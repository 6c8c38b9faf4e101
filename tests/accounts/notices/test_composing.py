"""What is in a mail, read back with the standard library."""

import re
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notices.composing import compose
from accounts.notices.composing.mime import subject as subject_header
from accounts.notices.composing.plain import flowed
from accounts.notices.errors import AddressRefusedError
from accounts.notices.ports import CalendarPart
from accounts.notices.wording import WordingText
from accounts.notices.wording.conditions import condition_in
from accounts.notices.wording.samples import sample_due, sample_person, sample_say
from accounts.notices.wording.texts import defaults
from core.words import CHINESE, ENGLISH
from tests.fakes.letters import EVERY, SeenPage, composed, html_of, plain_of
from tests.fakes.mail import read_mail


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_mail_is_whole_ascii_and_without_defects(kind: str, language: str) -> None:
    content = compose(sample_due(kind, language), sample_say(kind, language), defaults()).content
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    mail = read_mail(content)
    assert [part.defects for part in mail.walk()] == [[]] * len(list(mail.walk()))
    assert mail["From"] == "Mindcast <mindcast@mindcast.example.org>"
    assert mail["To"] == "reader@example.org"
    assert mail["Message-ID"] == "<0197c3f0a1b27d4e8f60918273640003@mindcast.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == language


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_subject_is_discreet_and_is_the_heading(kind: str, language: str) -> None:
    mail, say = composed(kind, language), sample_say(kind, language)
    assert condition_in(str(mail["Subject"])) is None
    assert not say.title or say.title not in mail["Subject"]
    assert f">{mail['Subject']}</h1>" in html_of(mail)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_what_shows_of_a_mail_on_a_locked_screen_names_no_title(kind: str, language: str) -> None:
    mail, title = composed(kind, language), sample_say(kind, language).title
    page = html_of(mail)
    hidden = page.split("display:none", 1)[1].split("</div>", 1)[0]
    assert hidden.count("\u034f") == 60
    if title:
        assert title not in hidden
        assert plain_of(mail).find(title) > (70 if language == ENGLISH else 30)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_both_parts_say_the_same(kind: str, language: str) -> None:
    mail = composed(kind, language)
    seen, plain = SeenPage(html_of(mail)), plain_of(mail).replace(" \n", " ")
    only_in_html = {"Mindcast", "People you can call or write to", "可以求助的地方"}
    assert [text for text in seen.sentences if text not in plain] == [
        text for text in seen.sentences if text in only_in_html and text not in plain
    ]
    assert all(link in plain for link in seen.links)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_nothing_is_loaded_and_every_link_leads_to_the_site(kind: str, language: str) -> None:
    page = html_of(composed(kind, language))
    seen = SeenPage(page)
    assert seen.loaded == []
    assert not re.search(r"url\(|@import|<img|<script|<form", page)
    assert all(link.startswith("https://mindcast.example.org/") for link in seen.links)
    assert f'<html lang="{language}"' in page
    assert seen.links[:1] != []


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_calendar_is_the_last_alternative_and_a_file(method: str) -> None:
    text = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nSUMMARY:直播\r\nEND:VCALENDAR\r\n"
    mail = composed("changed", calendar=CalendarPart(method, text))
    alternative, file = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert mail.get_content_type() == "multipart/mixed"
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    entry = list(alternative.iter_parts())[-1]
    assert entry["Content-Type"].params == {"charset": "UTF-8", "method": method}
    assert entry.get_payload(decode=True) == text.encode()
    assert file.get_content_type() == "application/ics"
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert file.get_payload(decode=True) == text.encode()


def test_mail_without_calendar_has_two_alternatives_and_no_word_of_one() -> None:
    mail = composed("changed", calendar=None)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "calendar" not in plain_of(mail)


def test_source_may_answer_with_the_words_of_another_kind() -> None:
    mail = composed("changed", kind="cancelled", calendar=None)
    assert mail["Subject"].startswith("Cancelled: ")


def test_edited_words_are_used() -> None:
    words = {**defaults(), ("changed", ENGLISH): WordingText("Hello", "{changes}", "Go")}
    due, say = sample_due("changed", ENGLISH), sample_say("changed", ENGLISH)
    mail = read_mail(compose(due, say, words).content)
    assert mail["Subject"] == "Hello"
    assert plain_of(mail).startswith("Hello\n\n- New start: ")
    assert ">Go</a>" in html_of(mail)


def test_date_is_now_and_repeating_a_mail_changes_nothing_else() -> None:
    due, say = sample_due("changed", ENGLISH), sample_say("changed", ENGLISH)
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    first = compose(due, say, defaults(), now=at)
    assert read_mail(first.content)["Date"].datetime == at
    assert read_mail(compose(due, say, defaults()).content)["Date"].datetime == due.due_at
    assert compose(due, say, defaults(), now=at) == first


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        "a b@example.org",
        "a@example.org\r\nBcc: x@y.z",
        "a@",
        "<a@b.c>",
        "ü@b.c",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        composed("day_before", address=address)
    assert caught.value.args == ()


def test_domain_in_other_letters_is_written_as_servers_take_it() -> None:
    due = sample_due("day_before", CHINESE, person=sample_person(CHINESE, address="a@例子.测试"))
    sent = compose(due, sample_say("day_before", CHINESE), defaults())
    assert sent.to == "a@xn--fsqu00a.xn--0zwm56d"
    assert read_mail(sent.content)["To"] == sent.to


@given(st.text(max_size=120))
def test_any_subject_comes_back_as_one_line(text: str) -> None:
    written = subject_header(text)
    assert written.isascii()
    assert all(line.startswith(" ") for line in written.split("\r\n")[1:])
    assert all(len(line) <= 78 for line in written.split("\r\n") if " " in line.strip())
    read = read_mail(f"Subject: {written}\r\n\r\n".encode())["Subject"]
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable())
    assert " ".join(read.split()) == " ".join(plain.split())


@given(st.text(alphabet="ab c>From", max_size=300))
def test_flowed_lines_join_to_what_they_were(line: str) -> None:
    pieces = list(flowed(line, wraps=True))
    joined = "".join(piece.removeprefix(" ") for piece in pieces)
    assert joined == (line if len(line) <= 72 else " ".join(line.split()))
    assert all(piece.endswith(" ") for piece in pieces[:-1])
    assert not any(piece.startswith((">", "From ")) for piece in pieces)
    assert all(len(piece) <= 73 or " " not in piece.strip() for piece in pieces)


def test_a_mail_costs_less_than_a_millisecond_and_a_half() -> None:
    due, say, words = sample_due("changed", CHINESE), sample_say("changed", CHINESE), defaults()
    costs = []
    for _turn in range(5):
        began = process_time()
        for _mail_of_the_turn in range(100):
            compose(due, say, words)
        costs.append((process_time() - began) / 100)
    assert min(costs) < 0.0015

"""Pages of the desk: frames that can do nothing, forms that lose nothing, mails behind the log."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from accounts.notices.composing import compose
from accounts.notices.ends import mail_end, sms_end
from accounts.notices.enums import Channel
from accounts.notices.kinds import KINDS
from accounts.notices.wording import default_of, load
from accounts.notices.wording.samples import sample_due, sample_say
from core.clock import utc_now
from core.settings import Settings
from tests.fakes.hosting import Tags, browser_of, send
from tests.fakes.programme import World
from web.headers import content_policy
from web.notices_desk.letters import read_letter
from web.notices_desk.views.answers import FRAME_POLICY
from web.site import Site

pytestmark = pytest.mark.integration

DESK = "/editing/notices"
ONE = f"{DESK}/day_before"
MAIL = "/administration/mail"
CAME = default_of("day_before", "en")
MINE = replace(CAME, subject="Tomorrow: {starts}")


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now()).build()


@pytest.fixture
def editor(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "editor")


@pytest.fixture
def admin(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "administrator")


def base_on(page: TestResponse) -> str:
    return str(Tags(page.text).values()["base"])


def save(editor: FlaskClient, **typed: Any) -> TestResponse:  # noqa: ANN401 -- form values
    values = {**asdict(MINE), "base": base_on(editor.get(ONE)), **typed}
    return send(editor, ONE, ONE, **values)


def send_mail(settings: Settings, kind: str = "changed", language: str = "en") -> str:
    """Put a mail into the home; return the address of its page."""
    words = {(kind, language): default_of(kind, language)}
    mail_end(settings).send(compose(sample_due(kind, language), sample_say(kind, language), words))
    (file,) = settings.mail.rglob("*.eml")
    return address_of(settings.mail, file)


def address_of(folder: Path, file: Path) -> str:
    return f"{MAIL}/{file.relative_to(folder).as_posix()}"


def openings(session: Session) -> list[tuple[str, str | None, str]]:
    lines = select(AuditEntry).where(AuditEntry.act == "mail.open")
    return [
        (line.subject_id, line.actor_id, line.details["part"]) for line in session.scalars(lines)
    ]


def test_every_kind_is_listed_with_what_was_changed(editor: FlaskClient) -> None:
    page = editor.get(DESK)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert page.text.count("desk-kind__name") == len(KINDS)
    assert "badge--info" not in page.text
    save(editor)
    assert editor.get(DESK).text.count("badge--info") == 1


def test_only_a_mail_may_be_framed_and_it_can_do_nothing(
    editor: FlaskClient, settings: Settings
) -> None:
    page, frame = editor.get(ONE), editor.get(f"{ONE}/frame")
    site = content_policy(settings.s3_public_url)
    assert page.headers["Content-Security-Policy"] == f"{site}; frame-src 'self'"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert frame.headers["Content-Security-Policy"] == FRAME_POLICY
    assert FRAME_POLICY == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert editor.get(DESK.replace("/notices", "")).headers["Content-Security-Policy"] == site
    window = Tags(page.text).all("iframe")[0]
    assert (window["sandbox"], str(window["src"]).startswith(f"{ONE}/frame")) == (None, True)


def test_the_frame_is_the_html_of_the_mail(editor: FlaskClient, session: Session) -> None:
    for language in ("en", "zh-Hans"):
        mail = compose(
            sample_due("day_before", language), sample_say("day_before", language), load(session)
        )
        shown = editor.get(f"{ONE}/frame?language={language}").text
        assert shown == read_letter(mail.content).html


def test_what_is_typed_is_previewed_and_nothing_is_saved(
    editor: FlaskClient, session: Session
) -> None:
    typed = {**asdict(MINE), "body": "Only <b>{starts}</b>."}
    html = send(editor, f"{ONE}/frame", ONE, **typed)
    assert (html.status_code, html.headers["Content-Security-Policy"]) == (200, FRAME_POLICY)
    assert "Only &lt;b&gt;Tuesday 24 November" in html.text
    text = send(editor, f"{ONE}/frame?as=text", ONE, **typed).text
    assert ("<h1>Tomorrow: Tuesday 24" in text, "Only &lt;b&gt;Tuesday" in text) == (True, True)
    refused = send(editor, f"{ONE}/frame", ONE, **{**typed, "subject": "Anxiety"})
    assert (refused.status_code, "may not name a condition" in refused.text) == (422, True)
    assert load(session)["day_before", "en"] == CAME


def test_a_change_is_saved_shown_and_undone_by_one_press(editor: FlaskClient) -> None:
    answer = save(editor)
    assert (answer.status_code, "done=saved" in str(answer.location)) == (303, True)
    page = editor.get(str(answer.location)).text
    assert ("Saved." in page, "Tomorrow: Tuesday 24" in page) == (True, True)
    entry = str(Tags(page).values()["entry"])
    undone = send(editor, f"{ONE}/undo", ONE, entry=entry)
    assert "done=undone" in str(undone.location)
    assert "The words that came with Mindcast" in editor.get(ONE).text
    again = send(editor, f"{ONE}/undo", ONE, entry=entry)
    assert (again.status_code, "Nothing was undone." in again.text) == (409, True)


def test_back_to_the_words_that_came(editor: FlaskClient, session: Session) -> None:
    save(editor)
    base = base_on(editor.get(ONE))
    assert send(editor, f"{ONE}/reset", ONE, base="old").status_code == 409
    assert send(editor, f"{ONE}/reset", ONE, base=base).status_code == 303
    assert load(session)["day_before", "en"] == CAME


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(editor: FlaskClient) -> None:
    answer = save(editor, subject="Anxiety & <b>", body="Kept {nobody}", action="Kept too")
    shown = answer.text
    assert answer.status_code == 422
    assert ('id="subject-error"' in shown, 'id="body-error"' in shown) == (True, True)
    assert ('value="Anxiety &amp; &lt;b&gt;"' in shown, "Kept {nobody}" in shown) == (True, True)
    assert 'value="Kept too"' in shown


def test_two_editors_at_once_see_both_texts(
    app: Site, editor: FlaskClient, world: World, session: Session
) -> None:
    begun = base_on(editor.get(ONE))
    other = browser_of(app, world, "administrator")
    save(other, subject="Theirs: {starts}")
    answer = save(editor, base=begun)
    assert answer.status_code == 409
    assert "Somebody else has changed these words" in answer.text
    assert ("Theirs" in answer.text, 'value="Tomorrow: {starts}"' in answer.text) == (True, True)
    assert load(session)["day_before", "en"].subject == "Theirs: {starts}"
    assert save(editor, base=base_on(answer)).status_code == 303
    assert load(session)["day_before", "en"] == MINE


@pytest.mark.parametrize(
    "address", ["none", "day_before?language=fr", "day_before/frame?language="]
)
def test_unknown_kinds_and_languages(editor: FlaskClient, address: str) -> None:
    expected = 200 if address.endswith("language=") else 404
    assert editor.get(f"{DESK}/{address}").status_code == expected


def test_an_empty_outbox_says_how_it_works(admin: FlaskClient) -> None:
    page = admin.get(MAIL)
    assert (page.status_code, "No mails here" in page.text) == (200, True)
    assert "No mail server is set" in page.text


def test_the_list_masks_addresses_and_opens_nothing(
    admin: FlaskClient, settings: Settings, session: Session
) -> None:
    place = send_mail(settings)
    page = admin.get(MAIL).text
    assert (place in page, "r…@example.org" in page, "reader@example.org" in page) == (
        True,
        True,
        False,
    )
    assert openings(session) == []
    assert "Nothing was sent on this day." in admin.get(f"{MAIL}?day=2020-01-01").text
    assert admin.get(f"{MAIL}?day=../..&page=x").status_code == 200


def test_each_opening_of_a_mail_is_written_down(
    admin: FlaskClient, settings: Settings, session: Session
) -> None:
    place = send_mail(settings)
    page = admin.get(place)
    assert (page.status_code, "reader@example.org" in page.text) == (200, True)
    frame = admin.get(f"{place}/html")
    assert (frame.headers["Content-Security-Policy"], "<!doctype" in frame.text) == (
        FRAME_POLICY,
        True,
    )
    name = place.rpartition("/")[2]
    opened = [(name, "administrator", part) for part in ("page", "html")]
    assert sorted(openings(session)) == sorted(opened)


def test_what_is_attached_is_shown_as_text_and_handed_out(
    admin: FlaskClient, settings: Settings
) -> None:
    place = send_mail(settings)
    assert "BEGIN:VCALENDAR" in admin.get(place).text
    file = admin.get(f"{place}/attachments/2")
    assert file.data.startswith(b"BEGIN:VCALENDAR")
    assert file.headers["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert admin.get(f"{place}/attachments/9").status_code == 404


def test_links_to_this_site_can_be_followed_from_the_text(
    admin: FlaskClient, settings: Settings
) -> None:
    due = sample_due("changed", "en")
    here = replace(due, site=replace(due.site, address=settings.site_address))
    say = replace(sample_say("changed", "en"), link="https://elsewhere.example/page")
    words = {("changed", "en"): default_of("changed", "en")}
    mail_end(settings).send(compose(here, say, words))
    (file,) = settings.mail.rglob("*.eml")
    page = admin.get(address_of(settings.mail, file)).text
    text = Tags(page[page.index("<pre") : page.index("</pre>")])
    links = [str(one["href"]) for one in text.all("a")]
    assert f"{settings.site_address}/help" in links
    assert not [link for link in links if not link.startswith(f"{settings.site_address}/")]
    assert "https://elsewhere.example/page" in page


def test_a_text_message_is_shown_as_it_is(admin: FlaskClient, settings: Settings) -> None:
    due = sample_due("minutes_before", "en")
    person = replace(due.person, phone="+447700900123")
    due = replace(due, channel=Channel.SMS, person=person)
    sms_end(settings).send(compose(due, sample_say("minutes_before", "en"), {}))
    (file,) = settings.mail.rglob("*.txt")
    place = address_of(settings.mail, file)
    listed = admin.get(MAIL).text
    assert ("…123" in listed, "+447700900123" in listed) == (True, False)
    assert "+447700900123" in admin.get(place).text
    assert admin.get(f"{place}/html").status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        "2026-03-10/18/..%2F..%2F..%2Fservices.json",
        "../../services.json",
        "2026-03-10/18/.0a.1b.eml",
        "2026-03-10/99/0a.1b.eml",
        "%2e%2e/%2e%2e/0a.1b.eml",
    ],
)
def test_no_address_leads_out_of_the_outbox(
    admin: FlaskClient, settings: Settings, session: Session, place: str
) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "services.json").write_text("a key")
    (settings.home / "0a.1b.eml").write_text("a key")
    (settings.mail / "2026-03-10" / "18").mkdir(parents=True)
    answer = admin.get(f"{MAIL}/{place}")
    assert (answer.status_code, "a key" in answer.text) == (404, False)
    assert openings(session) == []


def test_with_a_mail_server_there_are_counts_alone(
    app: Site, admin: FlaskClient, settings: Settings
) -> None:
    place = send_mail(settings)
    app.extensions["mindcast.settings"] = replace(settings, smtp_url="smtp://mail.example")
    page = admin.get(MAIL).text
    assert ("leave through the mail server" in page, "example.org" in page) == (True, False)
    assert admin.get(place).status_code == 404


def test_an_editor_reads_no_mail_and_is_not_led_there(
    editor: FlaskClient, settings: Settings, session: Session
) -> None:
    place = send_mail(settings)
    assert [editor.get(one).status_code for one in (MAIL, place, f"{place}/html")] == [403] * 3
    assert MAIL not in editor.get("/administration/work/notices").text
    assert openings(session) == []

"""The editors' pages: forms that keep what was typed, previews, and no draft on a public page."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models import Series, Topic
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from web import assets
from web.site import Site

pytestmark = pytest.mark.integration

SLEEP = "/editing/topics/sleep"


class Form(HTMLParser):
    """What a browser would send of the form ``edit``."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "form":
            self._inside = found.get("id") == "edit"
        if not self._inside:
            return
        is_ticked = found.get("type") not in {"radio", "checkbox"} or "checked" in found
        if tag == "input" and is_ticked:
            self.values.setdefault(name, []).append(value)
        if tag == "textarea":
            self._area, self.values[name] = name, [""]
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in found:
            self.values[self._select] = [value]

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._inside = self._inside and tag != "form"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    world = World(session, now).build()
    world.session.commit()
    return world


@pytest.fixture
def editor(app: Site, world: World) -> FlaskClient:
    return browser_of(app, world, "editor")


def press(
    browser: FlaskClient, page: str, do: str, *, shown: str = "", **typed: str | list[str]
) -> TestResponse:
    """Fill in the form of a page as it stands (or as it was ``shown``) and press a button."""
    values = Form(shown or browser.get(page).text).values
    sent = values | {name: [one] if isinstance(one, str) else one for name, one in typed.items()}
    return browser.post(page, data={**sent, "do": do})


def test_draft_is_kept_shown_again_and_on_no_public_page(
    editor: FlaskClient, client: FlaskClient
) -> None:
    told = press(editor, SLEEP, "save", **{"names.en": "Quiet nights", "note": "Kinder"})
    assert (told.status_code, told.location) == (303, f"{SLEEP}?done=saved")
    form = Form(editor.get(SLEEP).text).values
    assert (form["names.en"], form["note"], form["base_number"]) == (
        ["Quiet nights"],
        ["Kinder"],
        ["2"],
    )
    seen_by_editors = editor.get(f"{SLEEP}/preview")
    assert "Quiet nights" in seen_by_editors.text  # it could leak
    assert "Preview of a draft: only editors see this." in seen_by_editors.text
    assert seen_by_editors.headers["X-Robots-Tag"] == "noindex"
    assert seen_by_editors.headers["Cache-Control"] == "private, no-store"
    for address in ("/", "/topics", "/topics/sleep", "/api/v1/topics", "/replays", "/schedule"):
        for browser in (client, editor):
            assert (address, "Quiet nights" in browser.get(address).text) == (address, False)


def test_published_draft_is_on_the_page_and_one_press_undoes_it(
    editor: FlaskClient, client: FlaskClient, session: Session
) -> None:
    told = press(editor, SLEEP, "publish", **{"names.en": "Quiet nights"})
    assert told.location == f"{SLEEP}?done=published"
    assert "Quiet nights" in client.get("/topics/sleep").text
    shown = editor.get(told.location).text
    undo = dict(re.findall(r'type="hidden" name="(number|expected)" value="(\d+)"', shown))
    assert undo == {"number": "1", "expected": "2"}
    assert send(editor, f"{SLEEP}/restore", SLEEP, **undo).location == f"{SLEEP}?done=restored"
    session.expire_all()
    assert session.get_one(Topic, "sleep").names["en"] == "Sleep"
    again = send(editor, f"{SLEEP}/restore", SLEEP, **undo)
    assert again.location == f"{SLEEP}/history?fault=moved"
    assert "Something newer was published meanwhile." in editor.get(again.location).text


def test_faults_stand_beside_their_fields_and_the_typing_is_saved(editor: FlaskClient) -> None:
    typed = {
        "position": "first",
        "words.en.sources.0.title": "Sleep",
        "words.en.sources.0.publisher": "WHO",
        "words.en.sources.0.url": "http://who.int",
    }
    told = press(editor, SLEEP, "publish", **typed)
    assert told.status_code == 422
    form = Form(told.text).values
    assert {name: form[name][0] for name in typed} == typed
    assert set(re.findall(r'id="([^"]+)-error"', told.text)) == {
        "position",
        "words.en.sources.0.url",
    }
    assert Form(editor.get(SLEEP).text).values["position"] == ["first"]


def test_somebody_elses_text_is_shown_beside_and_both_stay(
    app: Site, world: World, editor: FlaskClient
) -> None:
    shown = editor.get(SLEEP).text
    other = browser_of(app, world, "administrator")
    press(other, SLEEP, "save", **{"names.en": "Theirs"})
    told = press(editor, SLEEP, "save", shown=shown, **{"names.en": "Mine"})
    assert told.status_code == 409
    assert Form(told.text).values["names.en"] == ["Mine"]
    assert "Theirs" in told.text
    press(editor, SLEEP, "save", shown=told.text)
    assert Form(editor.get(SLEEP).text).values["names.en"] == ["Mine"]
    history = editor.get(f"{SLEEP}/history?number=2").text
    assert "Draft, put aside" in history
    assert "Theirs" in history


def test_search_between_two_texts_still_overwrites_neither(
    app: Site, world: World, editor: FlaskClient
) -> None:
    new = "/editing/series/new"
    page = str(send(editor, new, new, **{"titles.en": "Nights"}).location)
    shown = editor.get(page).text
    press(browser_of(app, world, "administrator"), page, "save", **{"titles.en": "Theirs"})
    told = press(editor, page, "save", shown=shown, **{"titles.en": "Mine"})
    found = press(editor, page, "find", shown=told.text, search="night")
    press(editor, page, "save", shown=found.text)
    assert Form(editor.get(page).text).values["titles.en"] == ["Mine"]
    assert "Theirs" in editor.get(f"{page}/history").text


def test_giving_way_keeps_ones_own_text_in_the_history(
    app: Site, world: World, editor: FlaskClient
) -> None:
    shown = editor.get(SLEEP).text
    press(browser_of(app, world, "administrator"), SLEEP, "save", **{"names.en": "Theirs"})
    told = press(editor, SLEEP, "publish", shown=shown, **{"names.en": "Mine"})
    assert press(editor, SLEEP, "theirs", shown=told.text).location == f"{SLEEP}?done=aside"
    assert Form(editor.get(SLEEP).text).values["names.en"] == ["Theirs"]
    assert "Mine" in editor.get(f"{SLEEP}/history").text


def test_signing_needs_a_name_and_a_change_of_words_withdraws_it(
    editor: FlaskClient, client: FlaskClient
) -> None:
    intro = {"words.en.introduction": "Nearly everyone has bad nights."}
    assert press(editor, SLEEP, "publish", review="sign", **intro).status_code == 422
    press(editor, SLEEP, "publish", review="sign", reviewed_by="Dr. Chen, psychiatrist")
    assert "Dr. Chen, psychiatrist" in client.get("/topics/sleep").text
    kept = {"words.en.introduction": "Nearly everybody has bad nights."}
    press(editor, SLEEP, "publish", review="keep", **kept)
    assert "Dr. Chen, psychiatrist" in client.get("/topics/sleep").text
    assert "Not clinical: signature kept" in editor.get(f"{SLEEP}/history").text
    press(editor, SLEEP, "publish", **intro, review="unchanged")
    page = client.get("/topics/sleep").text
    assert "Dr. Chen" not in page
    assert "Draft, not clinically reviewed" in page


def test_new_topic_begins_as_a_draft(editor: FlaskClient, client: FlaskClient) -> None:
    new = "/editing/topics/new"
    refused = send(editor, new, new, slug="preview", **{"names.en": "Grief"})
    assert refused.status_code == 422
    assert 'value="Grief"' in refused.text
    made = send(editor, new, new, slug="grief", **{"names.en": "Grief"})
    assert made.location == "/editing/topics/grief"
    assert client.get("/topics/grief").status_code == 404
    assert "Not published yet" in editor.get("/editing/topics").text
    assert "Grief" in editor.get("/editing/topics/grief/preview").text
    press(editor, made.location, "publish")
    assert client.get("/topics/grief").status_code == 200
    gone = send(editor, "/editing/topics/grief/delete", made.location)
    assert client.get("/topics/grief").status_code == 404
    shown = editor.get(gone.location).text
    undo = dict(re.findall(r'type="hidden" name="(number|expected)" value="(\d+)"', shown))
    send(editor, "/editing/topics/grief/restore", gone.location, **undo)
    assert client.get("/topics/grief").status_code == 200


def test_series_finds_orders_and_takes_out_livestreams(
    editor: FlaskClient, world: World, session: Session
) -> None:
    ids = [
        world.livestream(
            titles={"en": f"Night {number}"},
            starts_at=world.now + timedelta(days=number),
            ends_at=world.now + timedelta(days=number, hours=1),
        ).id
        for number in (1, 2)
    ]
    session.commit()
    page = send(
        editor, "/editing/series/new", "/editing/series/new", **{"titles.en": "Nights"}
    ).location
    assert page is not None
    found = press(editor, page, "find", search="night", **{"titles.en": "Long nights"})
    assert all(f'name="add" value="{one}"' in found.text for one in ids)
    added = press(editor, page, "save", shown=found.text, add=ids)
    assert added.status_code == 303
    form = Form(editor.get(page).text).values
    assert (form["titles.en"], form["livestreams"]) == (["Long nights"], ids)
    moved = {f"place.{ids[0]}": "3"}
    press(editor, page, "publish", **moved)
    shown = editor.get(page).text
    assert Form(shown).values["livestreams"] == ids[::-1]
    press(editor, page, "publish", remove=[ids[0]])
    assert Form(editor.get(page).text).values["livestreams"] == [ids[1]]
    assert session.get(Series, page.rpartition("/")[2]) is not None


def test_host_and_livestream_are_previewed_in_both_languages(
    editor: FlaskClient, client: FlaskClient, world: World, session: Session
) -> None:
    livestream = world.livestream(state="scheduled")
    session.commit()
    for page, public, typed in (
        ("/editing/hosts/host", "/hosts/host", {"names.zh-Hans": "草稿", "initials": "L"}),
        (
            f"/editing/livestreams/{livestream.id}",
            f"/livestreams/{livestream.id}",
            {"titles.zh-Hans": "初稿"},
        ),
    ):
        told = press(editor, page, "preview", **typed)
        assert told.location == f"{page}/preview"
        chinese = editor.get(f"{page}/preview?language=zh-Hans")
        assert chinese.location == f"/zh{page}/preview"
        name = next(iter(typed.values()))
        assert f"<h1>{name}</h1>" in editor.get(chinese.location).text
        assert name not in client.get(f"/zh{public}").text
        press(editor, page, "publish")
        assert name in editor.get(f"/zh{public}").text


def test_livestream_that_is_over_says_what_can_no_longer_be_changed(
    editor: FlaskClient, world: World, session: Session
) -> None:
    livestream = world.livestream(state="cancelled")
    session.commit()
    page = f"/editing/livestreams/{livestream.id}"
    told = press(editor, page, "publish", **{"titles.en": "Other"})
    assert told.status_code == 409
    assert "A livestream that is cancelled can no longer be changed in" in told.text


def test_lists_and_the_first_page_name_what_waits(
    editor: FlaskClient, world: World, session: Session
) -> None:
    world.livestream(titles={"en": "Naps"})
    topic = session.get_one(Topic, "anxiety")
    topic.reviewed_by, topic.reviewed_at = "Dr. Chen", world.now - timedelta(days=400)
    topic.review_due_at = world.now - timedelta(days=35)
    session.commit()
    press(editor, SLEEP, "save", **{"names.en": "Quiet nights"})
    index = editor.get("/editing").text
    assert all(words in index for words in ("Quiet nights", "Dr. Chen", "Review overdue"))
    assert "Naps" in editor.get("/editing/livestreams?text=nap").text
    assert "Nothing found." in editor.get("/editing/livestreams?text=zzz").text
    assert "Dr. other_host" in editor.get("/editing/hosts?text=other").text
    for address in ("", "/topics", "/series", "/hosts", "/livestreams"):
        chinese = editor.get(f"/zh/editing{address}")
        assert (address, chinese.status_code) == (address, 200)
        assert '<html lang="zh-Hans"' in chinese.text


def test_form_without_its_token_is_refused(editor: FlaskClient) -> None:
    assert editor.post(SLEEP, data={"do": "publish"}).status_code == 400


def test_hurtful_wording_is_shown_and_can_still_be_published(
    editor: FlaskClient, client: FlaskClient
) -> None:
    assert "Words to look at again" not in editor.get(SLEEP).text
    press(editor, SLEEP, "save", **{"descriptions.en": "Why he committed suicide"})
    shown = editor.get(SLEEP).text
    assert "<mark>committed suicide</mark> Sounds of crime, failure or contempt." in shown
    assert press(editor, SLEEP, "publish").location == f"{SLEEP}?done=published"
    assert "committed suicide" in client.get("/topics/sleep").text

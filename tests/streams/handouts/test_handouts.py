"""Hand-outs: brought, offered to who may know of the livestream, removed, brought back, gone."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from catalog.demo.clearing import remove_livestreams
from catalog.models import Livestream
from core.clock import utc_now
from core.database import Sessions
from core.ids import new_id
from core.settings import Settings
from core.work.models import Work
from media.errors import NoSuchMedia
from media.paths import handout_key, read_key
from streams.handouts.enums import Kind
from streams.handouts.errors import TooManyHandouts
from streams.handouts.jobs import clear_handout
from streams.handouts.models import Handout
from streams.handouts.queries import CLEAR
from streams.handouts.rules import KEPT_REMOVED, KEPT_UNUSED, MOST, MOST_REMOVED
from streams.handouts.services import StoredFile, add_handout, forget_handouts
from streams.removal.models import Removal
from tests.fakes import uploads
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from tests.streams.handouts.test_handout_rules import PDF, picture
from web.clock import JOBS
from web.site import Site
from web.steps import STEPS, TITLES

pytestmark = pytest.mark.integration


@pytest.fixture
def storage(app: Site) -> MemoryStorage:
    kept = MemoryStorage()
    app.extensions["mindcast.storage"].storage = kept
    return kept


@pytest.fixture
def world(session: Session, storage: MemoryStorage) -> World:
    del storage
    return World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()


class Bringer:
    """Somebody who brings hand-outs to one livestream, as a program does."""

    def __init__(self, client: FlaskClient, world: World, livestream: Livestream) -> None:
        self.client, self.world, self.livestream = client, world, livestream
        self.url = f"/api/v1/livestreams/{livestream.id}/handouts"

    def ask(self, method: str, rest: str = "", who: str = "host", **more: Any) -> TestResponse:  # noqa: ANN401 -- what Flask takes
        headers = {"Authorization": f"Bearer {self.world.tokens[who]}"} if who else {}
        headers |= more.pop("headers", {})
        return self.client.open(self.url + rest, method=method, headers=headers, **more)

    def bring(self, data: bytes = PDF, title: str = "Sleep diary", **more: Any) -> TestResponse:  # noqa: ANN401 -- as above
        query = {"title": title, "name": "Dr Li, draft.pdf"}
        return self.ask("POST", query_string=query, data=data, **more)

    def brought(self, data: bytes = PDF, title: str = "Sleep diary") -> str:
        return str(self.bring(data, title).get_json()["id"])

    @property
    def titles(self) -> list[str]:
        return [one["title"] for one in self.ask("GET").get_json()["items"]]


@pytest.fixture
def one(client: FlaskClient, world: World) -> Bringer:
    return Bringer(client, world, world.livestream(state="scheduled"))


def due(session: Session) -> list[str]:
    """Return the objects whose removal was asked for."""
    return sorted(session.scalars(select(Work.subject).where(Work.kind == CLEAR)))


def test_a_hand_out_is_given_as_a_file_and_never_as_a_page(
    one: Bringer, storage: MemoryStorage, session: Session
) -> None:
    made = one.bring(title="Sleep & rest: week 1/2")
    assert made.status_code == 201, made.get_json()
    item = made.get_json()
    assert (item["kind"], item["size"], item["saved_as"]) == (
        "pdf",
        len(PDF),
        "Sleep & rest week 1 2.pdf",
    )
    got = one.ask("GET", f"/{item['id']}", who="")
    assert (got.status_code, got.data, got.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert got.headers["Content-Disposition"] == (
        'attachment; filename="handout.pdf"; '
        "filename*=UTF-8''Sleep%20%26%20rest%20week%201%202.pdf"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": got.headers["ETag"]}
    again = one.ask("GET", f"/{item['id']}", who="", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert list(storage.objects) == [handout_key(item["id"])]
    with pytest.raises(NoSuchMedia):  # so that no address under /media leads to it
        read_key(handout_key(item["id"]))
    acts = select(AuditEntry.act).where(AuditEntry.subject_id == one.livestream.id)
    assert session.scalars(acts).all() == ["livestream.add_handout"]


def test_nothing_of_who_brought_it_is_kept(one: Bringer, session: Session) -> None:
    one.brought(picture("JPEG"))
    (row,) = session.execute(select(Handout.__table__)).all()
    assert one.world.actors["host"].user_id not in row
    assert "Li" not in repr(row)


def test_a_hand_out_of_a_private_livestream_is_not_there_for_others(
    client: FlaskClient, world: World
) -> None:
    private = world.private()
    one = Bringer(client, world, private)
    made = one.bring()
    assert made.status_code == 201
    address = f"/{made.get_json()['id']}"
    given = {
        who: [one.ask("GET", rest, who=who).status_code for rest in ("", address)]
        for who in ("", "viewer", "employee_b", "employee_a", "host", "editor")
    }
    gone, there = [404, 404], [200, 200]
    assert given == {
        **dict.fromkeys(("", "viewer", "employee_b"), gone),
        **dict.fromkeys(("employee_a", "host", "editor"), there),
    }
    page = f"/livestreams/{private.id}/handouts{address}"
    assert client.get(page).status_code == 404


def test_a_hand_out_of_another_livestream_is_none_of_this_one(
    client: FlaskClient, world: World, one: Bringer
) -> None:
    other = Bringer(client, world, world.livestream(state="draft"))
    hidden = other.brought()
    for method, rest in (("GET", ""), ("DELETE", ""), ("POST", "/restore")):
        assert one.ask(method, f"/{hidden}{rest}").status_code == 404
    assert other.titles == ["Sleep diary"]


def test_there_is_room_for_five_and_a_removed_one_makes_room(one: Bringer) -> None:
    ids = [one.brought(title=f"Page {number}") for number in range(MOST)]
    full = one.bring(title="One more")
    assert (full.status_code, full.get_json()["code"]) == (409, "too_many_handouts")
    assert one.ask("DELETE", f"/{ids[1]}").status_code == 204
    assert one.ask("GET", f"/{ids[1]}", who="").status_code == 404
    assert one.titles == ["Page 0", "Page 2", "Page 3", "Page 4"]
    assert one.bring(title="One more").status_code == 201
    assert one.ask("POST", f"/{ids[1]}/restore").status_code == 409
    assert one.ask("DELETE", f"/{ids[0]}").status_code == 204
    assert one.ask("POST", f"/{ids[1]}/restore").status_code == 200
    assert one.ask("POST", f"/{ids[1]}/restore").status_code == 409  # and it is full again
    assert sorted(one.titles) == ["One more", "Page 1", "Page 2", "Page 3", "Page 4"]


def test_the_database_lets_no_sixth_in(one: Bringer, session: Session) -> None:
    def row(place: int) -> Handout:
        return Handout(
            livestream_id=one.livestream.id,
            place=place,
            title="Page",
            kind=Kind.PDF,
            size=1,
            sha256="",
            object_key=new_id(),
            created_at=utc_now(),
        )

    session.add_all([row(place) for place in range(MOST)])
    session.flush()
    for place in (0, MOST):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(row(place))


@pytest.mark.parametrize("state", ["draft", "live", "ended", "published"])
def test_before_during_and_after_they_are_taken(
    client: FlaskClient, world: World, state: str
) -> None:
    assert Bringer(client, world, world.livestream(state=state)).bring().status_code == 201


@pytest.mark.parametrize("state", ["cancelled", "missed"])
def test_what_does_not_take_place_takes_none(
    client: FlaskClient, world: World, storage: MemoryStorage, state: str
) -> None:
    refused = Bringer(client, world, world.livestream(state=state)).bring()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "handouts_not_taken")
    assert storage.objects == {}


def test_a_file_that_is_refused_leaves_nothing(one: Bringer, storage: MemoryStorage) -> None:
    refused = one.bring(b"PK\x03\x04\x00")
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.get_json()["errors"]] == ["file"]
    assert (storage.objects, one.titles) == ({}, [])


def test_a_request_that_is_sent_again_brings_nothing_twice(
    one: Bringer, storage: MemoryStorage
) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [one.bring(headers=key) for _time in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert (len(storage.objects), one.titles) == (1, ["Sleep diary"])


def test_pages_of_the_room_learn_of_it_at_once(one: Bringer, session: Session) -> None:
    def state() -> dict[str, object]:
        session.commit()
        address = f"/api/v1/livestreams/{one.livestream.id}/audience"
        found: dict[str, object] = one.client.get(address).get_json()
        return found

    before = state()
    handout_id = one.brought()
    after = state()
    told = {"id": handout_id, "title": "Sleep diary", "kind": "pdf", "size": len(PDF)}
    assert (before["handouts"], after["handouts"]) == ([], [told])
    one.ask("DELETE", f"/{handout_id}")
    last = state()
    assert last["handouts"] == []
    versions = [int(str(one["version"])) for one in (before, after, last)]
    assert versions == sorted(set(versions))
    one.livestream.state = "published"
    assert state()["handouts"] is None  # the page of a replay has them


def test_the_page_of_the_livestream_and_of_its_replay_offer_them(
    one: Bringer, session: Session
) -> None:
    handout_id = one.brought(picture("PNG"), "Sleep <diary>")
    for state in ("scheduled", "published"):
        one.livestream.state = state
        session.commit()
        page = one.client.get(f"/livestreams/{one.livestream.id}").text
        assert f'href="/livestreams/{one.livestream.id}/handouts/{handout_id}" download' in page
        assert "Sleep &lt;diary&gt;" in page
        assert "Image, PNG, 1 KB" in page


class Killed(Exception):  # noqa: N818 -- as if, no error of ours
    """As if the database were gone."""


def test_an_object_whose_row_could_not_be_written_goes_again(
    one: Bringer, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_a: object, **_n: object) -> None:
        raise Killed

    monkeypatch.setattr("streams.handouts.services.add_handout", fail)
    assert one.bring().status_code == 500
    assert storage.objects == {}


def forgotten(session: Session, after: timedelta) -> list[str]:
    forget_handouts(session, utc_now() + after)
    session.commit()
    return due(session)


def test_what_was_removed_goes_for_good_after_a_week(
    one: Bringer,
    session: Session,
    connection: Connection,
    storage: MemoryStorage,
    settings: Settings,
) -> None:
    assert forget_handouts in [job.act for job in JOBS]
    assert STEPS[CLEAR] is clear_handout
    assert TITLES[CLEAR]
    kept, removed = one.brought(title="Kept"), one.brought(title="Removed")
    one.ask("DELETE", f"/{removed}")
    assert forgotten(session, KEPT_REMOVED - timedelta(minutes=1)) == []
    assert forgotten(session, KEPT_REMOVED + timedelta(minutes=1)) == [removed]
    assert one.ask("POST", f"/{removed}/restore").status_code == 404
    sessions = sessionmaker(connection, join_transaction_mode="create_savepoint")
    for subject in (removed, kept):
        clear_handout(uploads.step_context(sessions, storage, settings, subject))
    assert list(storage.objects) == [handout_key(kept)]


def test_nobody_fills_the_storage_by_bringing_and_removing(one: Bringer, session: Session) -> None:
    ids = []
    for number in range(MOST_REMOVED + 2):
        ids.append(one.brought(title=f"Page {number}"))
        one.ask("DELETE", f"/{ids[-1]}")
    assert due(session) == sorted(ids[:2])


def test_those_of_what_did_not_take_place_go_after_a_month(one: Bringer, session: Session) -> None:
    brought = one.brought()
    session.refresh(one.livestream)
    late = one.livestream.ends_at - utc_now() + KEPT_UNUSED + timedelta(minutes=1)
    assert forgotten(session, late) == []
    one.livestream.state = "cancelled"
    session.commit()
    assert forgotten(session, late - timedelta(minutes=2)) == []
    assert forgotten(session, late) == [brought]


@pytest.mark.parametrize(("reason", "goes"), [("consent_withdrawn", True), ("not_recorded", False)])
def test_they_go_with_a_recording_whose_host_withdrew_the_consent(
    one: Bringer, session: Session, reason: str, *, goes: bool
) -> None:
    brought = one.brought()
    removal = Removal(
        broadcast_id=one.livestream.broadcast_id,
        livestream_id=one.livestream.id,
        host_id=one.livestream.host_id,
        reason=reason,
        asked_at=utc_now(),
        due_at=utc_now(),
    )
    session.add(removal)
    session.commit()
    assert forgotten(session, timedelta()) == []
    removal.done_at = utc_now() + timedelta(minutes=1)
    session.commit()
    assert forgotten(session, timedelta(minutes=2)) == ([brought] if goes else [])


def test_they_go_with_the_livestream(one: Bringer, session: Session) -> None:
    brought = one.brought()
    remove_livestreams(session, [one.livestream.id], now=utc_now())
    assert due(session) == [brought]
    assert session.scalar(select(func.count()).select_from(Handout)) == 0


def test_two_who_bring_the_last_one_at_once_are_not_both_let_in(
    sessions: Sessions, now: datetime
) -> None:
    with sessions.begin() as session:
        livestream_id = World(session, now).build().livestream(state="scheduled").id
        for _number in range(MOST - 1):
            add_handout(session, livestream_id=livestream_id, stored=_stored(), title="A", now=now)
    barrier, told = Barrier(4), []

    def bring() -> None:
        barrier.wait()
        try:
            with sessions.begin() as session:
                add_handout(
                    session, livestream_id=livestream_id, stored=_stored(), title="B", now=now
                )
            told.append("in")
        except TooManyHandouts:
            told.append("full")

    threads = [Thread(target=bring) for _person in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["full", "full", "full", "in"]


def _stored() -> StoredFile:
    return StoredFile(new_id(), Kind.PDF, 1, "")


class Form:
    """The page of whoever runs a livestream, in a browser."""

    def __init__(self, app: Site, one: Bringer) -> None:
        self.browser = browser_of(app, one.world, "host")
        self.url = f"/livestreams/{one.livestream.id}/handouts"

    def send(self, data: bytes, name: str, title: str = "") -> TestResponse:
        return self.press("", title=title, file=(BytesIO(data), name))

    def send_large(self, data: bytes) -> TestResponse:
        """Send a file as a browser writes it: the client of tests would leave a file open."""
        (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)', self.page.text))
        head = 'Content-Disposition: form-data; name="{}"'
        lines = [
            "--x",
            head.format("csrf_token"),
            "",
            token,
            "--x",
            head.format("file") + '; filename="large.txt"',
            "",
            "",
        ]
        body = "\r\n".join(lines).encode() + data + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        return self.browser.post(self.url, data=body, content_type=kind)

    @property
    def page(self) -> TestResponse:
        return self.browser.get(self.url)

    def press(self, act: str, **values: object) -> TestResponse:
        answer = send(self.browser, f"{self.url}{act}", self.url, **values)
        return self.browser.get(answer.location) if answer.location else answer


def test_everything_is_done_with_forms_alone(app: Site, one: Bringer) -> None:
    form = Form(app, one)
    assert "It is offered" in form.send(PDF, "sleep_diary.pdf").text
    assert one.titles == ["sleep diary"]
    (item,) = one.ask("GET").get_json()["items"]
    removed = form.press(f"/{item['id']}/remove")
    assert "nobody can fetch “sleep diary” any more" in removed.text
    assert one.titles == []
    back = form.press(f"/{item['id']}/restore")
    assert (back.status_code, one.titles) == (200, ["sleep diary"])


def test_a_file_that_is_refused_in_the_form_keeps_the_title(app: Site, one: Bringer) -> None:
    refused = Form(app, one).send(b"GIF89a\x01\x00", "x.gif", "My page")
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert 'value="My page"' in refused.text


def test_a_file_of_ten_megabytes_fits_and_one_above_is_told_so(app: Site, one: Bringer) -> None:
    large = b"a sleep diary\n" * (10 * 2**20 // 14)
    form = Form(app, one)
    assert form.send_large(large).status_code == 303
    over = form.send_large(large + b"a" * 100)
    assert (over.status_code, "10 MB at most" in over.text) == (422, True)
    assert one.bring(large + b"a" * 100).status_code == 422

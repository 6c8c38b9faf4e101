from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.credentials.errors import BadPage
from catalog.credentials.models import Application, Document
from catalog.credentials.services import documents as services
from core.limits import LimitCount
from core.sealing import unseal_bytes
from tests.fakes.applying import page_file, post, send, token
from tests.fakes.hosting import browser_of
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage
from web.site import Site

STEP = "/apply/licence"


def whole_form(csrf: str, page: bytes) -> bytes:
    """Return a form with a page, as it travels."""
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    token_part = head % (b"csrf_token", b"") + csrf.encode() + b"\r\n"
    return token_part + head % (b"document", b'; filename="a.jpg"') + page + b"\r\n--edge--\r\n"


class TestPages:
    pytestmark = pytest.mark.integration

    @pytest.fixture(autouse=True)
    def world(self, session: Session, now: datetime) -> World:
        return World(session, now).build()

    @pytest.fixture
    def objects(self, app: Site) -> MemoryStorage:
        storage = MemoryStorage()
        app.extensions["mindcast.storage"].storage = storage
        return storage

    @pytest.fixture
    def viewer(self, app: Site, world: World, objects: MemoryStorage) -> FlaskClient:
        del objects
        return browser_of(app, world, "viewer")

    def held(self, session: Session) -> list[Document]:
        session.expire_all()
        chosen = select(Document).where(Document.removed_at.is_(None))
        return list(session.scalars(chosen.order_by(Document.created_at, Document.id)))

    def test_page_is_stored_sealed_and_under_no_name_of_its_owner(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file(name="../my <b>licence.jpg"))
        (row,) = self.held(session)
        (key,) = objects.objects
        sealed, kind = objects.objects[key]
        assert (row.object_key, key, kind) == (
            key,
            f"documents/{row.id}",
            "application/octet-stream",
        )
        assert b"\xff\xd8\xff" not in sealed
        assert len(unseal_bytes(DATA_KEY, sealed)) == row.size
        assert row.name == "my <b>licence.jpg"
        assert "my &lt;b&gt;licence.jpg" in viewer.get(STEP).text

    def test_bad_page_is_told_beside_the_field_and_the_rest_is_kept(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage
    ) -> None:
        bad = page_file(b"MZ an executable", "licence.pdf")
        answer = send(viewer, STEP, go="next", document=bad, authority="Board")
        assert answer.status_code == 422
        assert BadPage.other_kind in answer.text
        assert objects.objects == {}
        assert session.scalars(select(Application)).one().answers["authority"] == "Board"

    def test_sixth_page_is_refused_and_its_object_taken_back(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage
    ) -> None:
        answers = [send(viewer, STEP, go="upload", document=page_file()) for _ in range(6)]
        assert [one.status_code for one in answers] == [303] * 5 + [422]
        assert (len(self.held(session)), len(objects.objects)) == (5, 5)

    def test_page_is_removed_and_replaced(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file(name="one.jpg"))
        (one,) = self.held(session)
        send(viewer, STEP, go="upload", **{f"replace-{one.id}": page_file(name="two.jpg")})
        (two,) = self.held(session)
        assert (two.name, list(objects.objects)) == ("two.jpg", [f"documents/{two.id}"])
        send(viewer, STEP, remove=two.id)
        assert (self.held(session), objects.objects) == ([], {})

    def test_script_gets_the_list_of_pages_alone(self, viewer: FlaskClient) -> None:
        answer = send(viewer, STEP, only="documents", document=page_file())
        bad = send(viewer, STEP, only="documents", document=page_file(b"no"))
        assert (answer.status_code, bad.status_code) == (200, 422)
        assert "page-1.jpg" in answer.text
        assert "<html" not in answer.text

    def test_larger_bodies_are_taken_on_this_route_alone(self, viewer: FlaskClient) -> None:
        big = b"\xff\xd8\xff" + b"0" * (2 * 2**20)
        csrf = token(viewer, STEP)
        codes = [
            viewer.post(
                page,
                data=whole_form(csrf, data),
                content_type="multipart/form-data; boundary=edge",
            ).status_code
            for page, data in ((STEP, big), ("/apply/about-you", big), (STEP, big * 7))
        ]
        assert codes == [422, 413, 413]

    def test_storage_that_is_away_is_told_and_nothing_is_half_there(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage
    ) -> None:
        csrf = token(viewer, STEP)
        objects.away = True
        form = {"csrf_token": csrf, "go": "upload", "document": page_file(), "authority": "Board"}
        answer = viewer.post(STEP, data=form)
        assert answer.status_code == 422
        assert "could not be stored now" in answer.text
        assert self.held(session) == []
        assert session.scalars(select(Application)).one().answers["authority"] == "Board"

    def test_pages_sent_without_end_are_limited(
        self, session: Session, viewer: FlaskClient
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        (count,) = session.scalars(select(LimitCount).where(LimitCount.key.like("page:%")))
        count.count = 40
        session.commit()
        answer = send(viewer, STEP, go="upload", document=page_file())
        assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)

    def test_only_owner_and_staff_open_a_page_and_staff_leave_a_trace(
        self, app: Site, session: Session, world: World, viewer: FlaskClient, client: FlaskClient
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        (row,) = self.held(session)
        address = f"/apply/documents/{row.id}"
        people = {name: browser_of(app, world, name) for name in ("other_host", "editor")}
        codes = [one.get(address).status_code for one in (viewer, client, people["other_host"])]
        assert codes == [200, 401, 404]
        opened = select(AuditEntry).where(AuditEntry.act == "document.open")
        assert session.scalars(opened).all() == []
        answer = people["editor"].get(address)
        (entry,) = session.scalars(opened)
        assert (entry.actor_id, entry.subject_id, entry.details["person"]) == (
            "editor",
            row.id,
            "viewer",
        )
        assert answer.data.startswith(b"\xff\xd8\xff")
        headers = {
            name: answer.headers[name]
            for name in (
                "Content-Type",
                "Content-Disposition",
                "Cache-Control",
                "Content-Security-Policy",
                "X-Content-Type-Options",
            )
        }
        assert headers == {
            "Content-Type": "image/jpeg",
            "Content-Disposition": f'attachment; filename="licence-{row.id}.jpg"',
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }

    def test_public_paths_answer_404_for_a_page(
        self, session: Session, viewer: FlaskClient
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        (row,) = self.held(session)
        addresses = (
            *(f"/media/{row.object_key}", f"/media/{row.id}", f"/media/{row.id}/master.m3u8"),
            *(f"/static/{row.object_key}", f"/{row.object_key}", f"/media/%2e%2e/{row.object_key}"),
        )
        assert [viewer.get(one).status_code for one in addresses] == [404] * len(addresses)

    @pytest.mark.parametrize("planned", [True, False])
    def test_page_goes_thirty_days_after_the_decision(
        self,
        session: Session,
        viewer: FlaskClient,
        objects: MemoryStorage,
        now: datetime,
        planned: bool,  # noqa: FBT001 -- a parameter of the test
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        (row,) = self.held(session)
        application = session.scalars(select(Application)).one()
        application.state, application.decided_at = "granted", now
        if planned:
            services.plan_removal(session, application_id=application.id, decided_at=now)
        early, due = now + timedelta(days=30, seconds=-1), now + timedelta(days=30)
        assert services.remove_due(session, objects, now=early) == 0
        assert len(objects.objects) == 1
        objects.away = True
        assert services.remove_due(session, objects, now=due) == 0
        objects.away = False
        assert [services.remove_due(session, objects, now=due) for _ in range(2)] == [1, 0]
        session.refresh(row)
        assert (objects.objects, row.object_key, row.name, row.removed_at) == (
            {},
            f"removed/{row.id}",
            "",
            due,
        )
        assert viewer.get(f"/apply/documents/{row.id}").status_code == 404

    def test_page_of_an_application_that_waits_stays(
        self, session: Session, viewer: FlaskClient, objects: MemoryStorage, now: datetime
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        for state, decided in (("submitted", None), ("returned", now)):
            application = session.scalars(select(Application)).one()
            application.state, application.decided_at = state, decided
            session.flush()
            later = now + timedelta(days=365)
            assert services.remove_due(session, objects, now=later) == 0

    def test_pages_of_a_sent_application_are_closed(
        self, session: Session, viewer: FlaskClient
    ) -> None:
        send(viewer, STEP, go="upload", document=page_file())
        (row,) = self.held(session)
        session.scalars(select(Application)).one().state = "submitted"
        session.commit()
        answer = post(viewer, STEP, "/apply/status", remove=row.id)
        assert (answer.status_code, answer.location) == (303, "/apply/status")
        assert [one.id for one in self.held(session)] == [row.id]

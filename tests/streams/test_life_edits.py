"""Edits that would lead round the gate, or hand on what belonged to the host before."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.errors import NotEditable
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, NotAllowed
from media.enums import UploadState
from media.models import Upload
from streams.life import services as life
from streams.readiness.models import HostNotes
from streams.studio.services import keep_notes
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def edit(world: World, livestream: Livestream, who: str = "editor", **changes: object) -> None:
    life.edit_livestream(
        world.session,
        actor=world.actors[who],
        livestream=livestream,
        changes=changes,
        now=world.now,
    )


@pytest.mark.parametrize("state", ["ended", "published"])
def test_topics_are_not_changed_by_the_host_once_they_were_agreed(world: World, state: str) -> None:
    """They decide how few viewers the report tells its host of."""
    made = world.livestream(state=state)
    edit(world, made, "host", titles={"en": "Naps"})
    with pytest.raises(NotAllowed):
        edit(world, made, "host", topics=("anxiety",))
    edit(world, made, topics=("anxiety",))


@pytest.mark.parametrize("who", ["host", "editor"])
def test_what_is_live_keeps_the_topics_by_which_its_moderators_were_counted(
    world: World, who: str
) -> None:
    made = world.livestream(state="live", moderators=1)
    with pytest.raises(NotEditable) as refused:
        edit(world, made, who, topics=("anxiety",))
    assert refused.value.params == {"state": "live", "fields": "topics"}


@pytest.mark.parametrize(
    ("broadcast", "premiere", "reason"),
    [
        ("ended", True, "A finished talk is held for it. Take it back at the desk first."),
        (
            "receiving",
            False,
            "Picture and sound are coming in for it. End the rehearsal first.",
        ),
    ],
)
def test_nobody_becomes_host_of_what_another_one_sends_or_sent(
    world: World, broadcast: str, *, premiere: bool, reason: str
) -> None:
    made = world.livestream(state="scheduled", broadcast=broadcast, premiere=premiere)
    with pytest.raises(InvalidInput) as refused:
        edit(world, made, host_id="otherhost")
    assert refused.value.errors == (FieldError("host", reason),)
    world.session.expire_all()
    assert made.host_id == "host"
    edit(world, made, titles={"en": "Naps"})


@pytest.mark.parametrize("state", [UploadState.OPEN, UploadState.IMPORTING])
def test_nobody_becomes_host_while_a_talk_of_another_one_comes_in(
    world: World, state: UploadState
) -> None:
    made = world.livestream(state="scheduled")
    upload = Upload(broadcast_id=made.broadcast_id, owner_id="host", name="talk.mp4", size=9)
    upload.part_size, upload.state, upload.created_at = 9, state, world.now
    world.session.add(upload)
    world.session.flush()
    with pytest.raises(InvalidInput) as refused:
        edit(world, made, host_id="otherhost")
    assert [fault.field for fault in refused.value.errors] == ["host"]
    upload.state = UploadState.CANCELLED
    edit(world, made, host_id="otherhost")


def test_notes_go_with_the_host_who_wrote_them(world: World) -> None:
    made, other = world.livestream(state="scheduled"), world.livestream(state="draft")
    for one in (made, other):
        keep_notes(
            world.session, livestream_id=one.id, text="For me alone.", since=None, now=world.now
        )
    edit(world, made, titles={"en": "Naps"})
    assert world.session.get(HostNotes, made.id) is not None
    edit(world, made, host_id="otherhost")
    world.session.expire_all()
    assert world.session.get(HostNotes, made.id) is None
    assert world.session.get(HostNotes, other.id) is not None


def test_whether_it_is_recorded_is_written_down(world: World) -> None:
    made = world.livestream(state="scheduled")
    edit(world, made, "host", recorded=False)
    edit(world, made, "host", titles={"en": "Naps"})
    lines = world.session.query(AuditEntry).filter_by(act="livestream.recorded").all()
    assert [(one.actor_id, one.subject_id, one.details) for one in lines] == [
        ("host", made.id, {"recorded": False})
    ]

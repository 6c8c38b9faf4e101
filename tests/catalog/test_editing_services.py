"""Drafts, publishing, undo: nothing that was written is lost, whoever writes at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from accounts.rules import STRANGER
from catalog.editing.access import desk_for
from catalog.editing.errors import (
    DraftInTheWay,
    DraftMoved,
    LiveMoved,
    MovedOn,
    NoDraft,
    StillInUse,
)
from catalog.editing.queries import desk_of, history_of
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint
from catalog.editing.services import discard_draft, publish, remove, restore, save_draft
from catalog.enums import RevisionKind
from catalog.errors import NotEditable
from catalog.models import Host, Livestream, Revision, Series, SeriesMember, Topic
from catalog.queries import list_topics
from core.database import Sessions
from core.errors import InvalidInput, NotAllowed, NotFound, SignInNeeded, WrongState
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

SLEEP = Subject(RevisionKind.TOPIC, "sleep")
SERIES = Subject(RevisionKind.SERIES, "nights")


@dataclass
class Editors:
    """The world of a test, and its editor at work."""

    world: World

    @property
    def session(self) -> Session:
        return self.world.session

    def content(self, subject: Subject) -> Content:
        return dict(desk_of(self.session, subject=subject).content)

    def save(self, subject: Subject, *, who: str = "editor", **changes: Any) -> Revision:  # noqa: ANN401
        base = changes.pop("base", None) or desk_of(self.session, subject=subject).base
        over = changes.pop("over", False)
        return save_draft(
            self.session,
            actor=self.world.actors[who],
            subject=subject,
            content=self.content(subject) | changes,
            base=base,
            over=over,
            now=self.world.now,
        )

    def publish(self, subject: Subject, *, over: str = "", **changes: Any) -> Revision:  # noqa: ANN401
        if changes:
            self.save(subject, **changes)
        return publish(
            self.session,
            actor=self.world.actors["editor"],
            subject=subject,
            base=desk_of(self.session, subject=subject).base,
            over=over,
            now=self.world.now,
        )

    def restore(self, subject: Subject, number: int, expected: int) -> Revision:
        return restore(
            self.session,
            actor=self.world.actors["editor"],
            subject=subject,
            number=number,
            expected=expected,
            now=self.world.now,
        )

    def history(self, subject: Subject) -> list[tuple[int, str, bool]]:
        """Number, English name, and whether it was on the page, the newest first."""
        return [
            (
                one.number,
                (one.content.get("names") or one.content["titles"])["en"],
                one.published_at is not None,
            )
            for one in history_of(self.session, subject=subject)
        ]

    def name(self) -> str:
        self.session.expire_all()
        return self.session.get_one(Topic, "sleep").names["en"]


@pytest.fixture
def editors(session: Session, now: datetime) -> Editors:
    return Editors(World(session, now).build())


def test_a_draft_changes_nothing_that_others_see(editors: Editors) -> None:
    made = editors.save(SLEEP, names={"en": "Sleep and rest"})
    assert (made.number, made.state, made.author_id) == (2, "draft", "editor")
    assert editors.name() == "Sleep"
    assert editors.history(SLEEP) == [(1, "Sleep", True)]  # what the page said is kept at once
    again = editors.save(SLEEP, names={"en": "Rest"})
    assert (again.id, again.content["names"]) == (made.id, {"en": "Rest"})


def test_published_draft_stands_on_the_page_and_can_be_undone(editors: Editors) -> None:
    made = editors.publish(SLEEP, names={"en": "Rest"}, risk="raised")
    topic = editors.session.get_one(Topic, "sleep")
    assert (topic.names, topic.risk, topic.updated_at) == (
        {"en": "Rest"},
        "raised",
        editors.world.now,
    )
    undone = editors.restore(SLEEP, number=1, expected=made.number)
    assert (topic.names, topic.risk) == ({"en": "Sleep", "zh-Hans": "sleep"}, "ordinary")
    assert undone.number == 3
    assert editors.history(SLEEP) == [(3, "Sleep", True), (2, "Rest", True), (1, "Sleep", True)]
    acts = editors.session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_id == "sleep").order_by(AuditEntry.act)
    )
    assert list(acts) == ["topic.publish", "topic.restore"]


def test_undo_of_something_that_was_followed_by_more_is_refused(editors: Editors) -> None:
    editors.publish(SLEEP, names={"en": "Rest"})
    editors.publish(SLEEP, names={"en": "Night"})
    with pytest.raises(MovedOn):
        editors.restore(SLEEP, number=1, expected=2)
    assert editors.name() == "Night"


def test_draft_that_somebody_else_saved_is_not_overwritten(editors: Editors) -> None:
    seen = desk_of(editors.session, subject=SLEEP).base
    editors.save(SLEEP, names={"en": "Theirs"}, who="administrator")
    with pytest.raises(DraftMoved) as refused:
        editors.save(SLEEP, names={"en": "Mine"}, base=seen)
    assert refused.value.theirs["names"] == {"en": "Theirs"}
    compared = desk_of(editors.session, subject=SLEEP).base
    mine = editors.save(SLEEP, names={"en": "Mine"}, base=compared, over=True)
    assert (mine.number, mine.state) == (3, "draft")
    assert editors.history(SLEEP) == [(2, "Theirs", False), (1, "Sleep", True)]


def test_page_that_was_published_meanwhile_is_not_overwritten(editors: Editors) -> None:
    seen = desk_of(editors.session, subject=SLEEP).base
    editors.publish(SLEEP, names={"en": "Theirs"})
    with pytest.raises(DraftMoved) as refused:
        editors.save(SLEEP, names={"en": "Mine"}, base=seen)
    assert refused.value.theirs["names"] == {"en": "Theirs"}


def test_page_that_was_changed_elsewhere_is_compared_before_it_is_replaced(
    editors: Editors,
) -> None:
    editors.save(SLEEP, names={"en": "Draft"})
    editors.session.get_one(Topic, "sleep").names = {"en": "Elsewhere"}
    editors.session.flush()
    with pytest.raises(LiveMoved) as refused:
        editors.publish(SLEEP)
    assert refused.value.theirs["names"] == {"en": "Elsewhere"}
    editors.publish(SLEEP, over=fingerprint(refused.value.theirs))
    assert editors.name() == "Draft"
    assert editors.history(SLEEP) == [
        (4, "Draft", True),
        (3, "Elsewhere", True),
        (1, "Sleep", True),
    ]


def test_discarded_draft_can_be_taken_up_again(editors: Editors) -> None:
    editors.save(SLEEP, names={"en": "Draft"})
    actor = editors.world.actors["editor"]
    discard_draft(editors.session, actor=actor, subject=SLEEP, now=editors.world.now)
    assert desk_of(editors.session, subject=SLEEP).draft is None
    with pytest.raises(NoDraft):
        discard_draft(editors.session, actor=actor, subject=SLEEP, now=editors.world.now)
    again = editors.restore(SLEEP, number=2, expected=1)
    assert (again.state, again.content["names"]) == ("draft", {"en": "Draft"})
    assert editors.name() == "Sleep"
    with pytest.raises(DraftInTheWay):
        editors.restore(SLEEP, number=2, expected=1)


def test_publishing_a_draft_with_faults_names_each_field(editors: Editors) -> None:
    words = {"en": {"sources": [{"title": "WHO", "publisher": "", "url": "http://who.int"}]}}
    with pytest.raises(InvalidInput) as refused:
        editors.publish(SLEEP, names={}, position="first", words=words)
    assert [fault.field for fault in refused.value.errors] == [
        "names.en",
        "position",
        "words.en.sources.0.publisher",
        "words.en.sources.0.url",
    ]
    assert editors.name() == "Sleep"


def test_new_topic_is_seen_by_nobody_before_it_is_published(editors: Editors) -> None:
    grief = Subject(RevisionKind.TOPIC, "grief")
    editors.save(grief, names={"en": "Grief"})
    assert "grief" not in {topic.slug for topic in list_topics(editors.session)}
    editors.publish(grief)
    assert "grief" in {topic.slug for topic in list_topics(editors.session)}


def test_topic_in_use_stays_and_another_comes_back(editors: Editors) -> None:
    editors.world.livestream(topics=("sleep",))
    actor = editors.world.actors["editor"]
    with pytest.raises(StillInUse):
        remove(editors.session, actor=actor, subject=SLEEP, now=editors.world.now)
    unused = Subject(RevisionKind.TOPIC, "anxiety")
    number = remove(editors.session, actor=actor, subject=unused, now=editors.world.now)
    assert [topic.slug for topic in list_topics(editors.session)] == ["sleep"]
    editors.restore(unused, number=number, expected=number)
    assert editors.session.get_one(Topic, "anxiety").names == {
        "en": "Anxiety",
        "zh-Hans": "anxiety",
    }


def test_series_keeps_its_livestreams_in_their_order(editors: Editors) -> None:
    first, second = (
        editors.world.livestream(starts_at=start, ends_at=start + timedelta(hours=1))
        for start in (editors.world.now, editors.world.now + timedelta(days=1))
    )
    editors.publish(SERIES, titles={"en": "Nights"}, livestreams=[second.id, first.id])
    members = select(SeriesMember.livestream_id).order_by(SeriesMember.position)
    assert list(editors.session.scalars(members)) == [second.id, first.id]
    editors.publish(SERIES, livestreams=[first.id])
    assert list(editors.session.scalars(members)) == [first.id]
    other = Subject(RevisionKind.SERIES, "days")
    with pytest.raises(InvalidInput) as refused:
        editors.publish(other, titles={"en": "Days"}, livestreams=[first.id])
    assert [fault.field for fault in refused.value.errors] == ["livestreams"]


def test_series_without_livestreams_is_deleted_and_brought_back(editors: Editors) -> None:
    editors.publish(SERIES, titles={"en": "Nights"})
    actor = editors.world.actors["editor"]
    number = remove(editors.session, actor=actor, subject=SERIES, now=editors.world.now)
    assert editors.session.get(Series, "nights") is None
    editors.restore(SERIES, number=number, expected=number)
    assert editors.session.get_one(Series, "nights").titles == {"en": "Nights"}


def test_host_is_described_anew_without_touching_the_licence(editors: Editors) -> None:
    subject = Subject(RevisionKind.HOST, "host")
    until = editors.session.get_one(Host, "host").verified_until
    editors.publish(subject, names={"en": "Dr. Lin"}, initials="L", biographies={"zh-Hans": "简介"})
    host = editors.session.get_one(Host, "host")
    assert (host.names, host.initials, host.biographies) == (
        {"en": "Dr. Lin"},
        "L",
        {"zh-Hans": "简介"},
    )
    assert host.verified_until == until


def test_livestream_is_published_by_the_rules_of_its_state(editors: Editors) -> None:
    livestream = editors.world.livestream(state="scheduled")
    subject = Subject(RevisionKind.LIVESTREAM, livestream.id)
    editors.publish(subject, titles={"en": "Naps"}, topics=["anxiety"], audiences=["relatives"])
    view = editors.content(subject)
    assert (view["titles"], view["topics"], view["audiences"]) == (
        {"en": "Naps"},
        ["anxiety"],
        ["relatives"],
    )
    with pytest.raises(InvalidInput) as refused:
        editors.publish(subject, titles={"en": "n" * 201}, topics=[])
    assert {fault.field for fault in refused.value.errors} == {"titles.en"}
    livestream.state = "cancelled"
    editors.session.flush()
    editors.save(subject, titles={"en": "Naps again"}, topics=["anxiety"])
    with pytest.raises(NotEditable):
        editors.publish(subject)
    assert editors.session.get_one(Livestream, livestream.id).titles == {"en": "Naps"}


@pytest.mark.parametrize("name", ["viewer", "host", "employee_a", "hr_b"])
def test_others_may_do_nothing(editors: Editors, name: str) -> None:
    with pytest.raises(NotAllowed):
        editors.save(SLEEP, names={"en": "Mine"}, who=name)
    actor = editors.world.actors[name]
    for act in (discard_draft, remove):
        with pytest.raises(NotAllowed):
            act(editors.session, actor=actor, subject=SLEEP, now=editors.world.now)
    with pytest.raises(NotAllowed):
        desk_for(editors.session, actor=actor, subject=SLEEP)


def test_strangers_are_asked_to_sign_in_and_nothing_is_a_404(editors: Editors) -> None:
    with pytest.raises(SignInNeeded):
        desk_for(editors.session, actor=STRANGER, subject=SLEEP)
    for name in ("none", "x" * 41, "\x00"):
        subject = Subject(RevisionKind.TOPIC, name)
        with pytest.raises(NotFound):
            desk_for(editors.session, actor=editors.world.actors["editor"], subject=subject)


def test_second_draft_of_a_subject_is_refused_by_the_database(editors: Editors) -> None:
    editors.save(SLEEP, names={"en": "One"})
    editors.session.add(
        Revision(
            kind="topic", subject_id="sleep", number=9, content={}, created_at=editors.world.now
        )
    )
    with pytest.raises(IntegrityError):
        editors.session.flush()


# Two at once


def race(sessions: Sessions, act: Callable[[Session, int], object]) -> list[str]:
    """Do it in two transactions at the same moment; return what each came to, sorted."""
    line = Barrier(2)

    def run(turn: int) -> str:
        with sessions() as session:
            line.wait()
            try:
                act(session, turn)
                session.commit()
            except (WrongState, DraftMoved) as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


@pytest.fixture
def started(sessions: Sessions, now: datetime) -> World:
    with sessions() as session:
        world = World(session, now).build()
        session.commit()
    return world


def test_two_publish_at_once(sessions: Sessions, started: World) -> None:
    actor = started.actors["editor"]
    with sessions() as session:
        base = desk_of(session, subject=SLEEP).base
        content = {"names": {"en": "Rest"}}
        draft = save_draft(
            session, actor=actor, subject=SLEEP, content=content, base=base, now=started.now
        )
        session.commit()
        seen = Base(draft.number, fingerprint(draft.content))

    def act(session: Session, turn: int) -> None:
        del turn
        publish(session, actor=actor, subject=SLEEP, base=seen, now=started.now)

    assert race(sessions, act) == ["NoDraft", "done"]
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 2
        assert session.get_one(Topic, "sleep").names == {"en": "Rest"}


@pytest.mark.parametrize("slug", ["sleep", "grief"])
def test_two_begin_a_draft_at_once(sessions: Sessions, started: World, slug: str) -> None:
    subject = Subject(RevisionKind.TOPIC, slug)
    with sessions() as session:
        base = desk_of(session, subject=subject).base

    def act(session: Session, turn: int) -> None:
        save_draft(
            session,
            actor=started.actors["editor"],
            subject=subject,
            content={"names": {"en": str(turn)}},
            base=base,
            now=started.now,
        )

    assert race(sessions, act) == ["DraftMoved", "done"]


def test_two_undo_at_once(sessions: Sessions, started: World) -> None:
    actor = started.actors["editor"]
    with sessions() as session:
        editors = Editors(World(session, started.now, started.actors))
        editors.publish(SLEEP, names={"en": "Rest"})
        session.commit()

    def act(session: Session, turn: int) -> None:
        del turn
        restore(session, actor=actor, subject=SLEEP, number=1, expected=2, now=started.now)

    assert race(sessions, act) == ["MovedOn", "done"]

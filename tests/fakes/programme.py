"""People, organisations, topics and livestreams for tests, made with the real services."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import Organisation, User
from accounts.rules import Actor
from accounts.services import add_member, give_roles, issue_token
from catalog.models import Host, Livestream, Topic
from catalog.rules import LivestreamDraft
from media.models import Broadcast
from scheduler.models import Duty
from streams.life import services as life
from streams.readiness.models import DeviceCheck, ScriptReading
from streams.readiness.rules import script

DATA_KEY = "a data key for tests"


@dataclass
class World:
    """One installation: a topic, two hosts, two companies, one person of each kind that matters."""

    session: Session
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def build(self) -> "World":
        """Make everybody; names are the keys of ``actors`` and ``tokens``."""
        self.session.add_all(
            Topic(slug=slug, names={"en": slug.title(), "zh-Hans": slug}, position=position)
            for position, slug in enumerate(("sleep", "anxiety"))
        )
        self.session.add_all(
            Organisation(
                id=f"company{name}",
                slug=f"company-{name}",
                names={"en": name.upper()},
                kind="company",
                created_at=self.now,
            )
            for name in "ab"
        )
        self.session.flush()
        for name, role in (
            ("host", Role.HOST),
            ("other_host", Role.HOST),
            ("viewer", Role.VIEWER),
            ("editor", Role.EDITOR),
            ("administrator", Role.ADMINISTRATOR),
        ):
            self._person(name, role)
        self._member("employee_a", "companya", Role.EMPLOYEE)
        self._member("employee_b", "companyb", Role.EMPLOYEE)
        self._member("hr_b", "companyb", Role.HR)
        for name in ("host", "other_host"):
            self._host(name.replace("_", ""), name)
        self.session.flush()
        return self

    def draft(self, **changes: object) -> LivestreamDraft:
        """Return a valid public draft of ``host``, an hour ahead."""
        draft = LivestreamDraft(
            titles={"en": "When the 3 a.m. thoughts arrive", "zh-Hans": "凌晨三点"},
            descriptions={"en": "What helps at night."},
            topics=("sleep",),
            language="en",
            host_id="host",
            starts_at=self.now + timedelta(hours=1),
            ends_at=self.now + timedelta(hours=2),
            timezone="Asia/Shanghai",
        )
        return replace(draft, **cast("dict[str, Any]", changes))

    def livestream(
        self,
        *,
        state: str = "draft",
        broadcast: str = "idle",
        moderators: int = 0,
        **changes: object,
    ) -> Livestream:
        """Return a livestream that is put in these states by force.

        With its ``moderators`` a scheduled one may go live: its host is ready.
        """
        made = life.create_livestream(
            self.session,
            actor=self.actors["editor"],
            draft=self.draft(**changes),
            window_seconds=120,
            data_key=DATA_KEY,
            now=self.now,
        )
        made.state = state
        if state in {"scheduled", "live", "ended", "published", "missed"}:
            made.announced_at = self.now
        self.session.get_one(Broadcast, made.broadcast_id).state = broadcast
        self.session.flush()
        self.moderate(made, moderators)
        return made

    def moderate(self, livestream: Livestream, count: int = 1) -> None:
        """Put so many people on duty who are nobody else's concern: nothing of them is reserved."""
        for number in range(count):
            stand_in = self.session.get(User, f"standin{number}") or User(
                id=f"standin{number}", email=f"stand-in-{number}@example.org", created_at=self.now
            )
            self.session.add(stand_in)
            self.session.flush()
            duty = Duty(livestream_id=livestream.id, moderator_id=stand_in.id)
            duty.created_at = duty.updated_at = self.now
            self.session.add(duty)
        self.session.flush()

    def private(self, *, state: str = "scheduled", broadcast: str = "idle") -> Livestream:
        """Return a livestream for the staff of company A."""
        return self.livestream(
            state=state,
            broadcast=broadcast,
            visibility="organisation",
            organisation_id="companya",
        )

    def _host(self, user_id: str, name: str) -> None:
        """Add a host who is verified and ready, by the real clock, too."""
        ahead = self.now + timedelta(days=10_000)
        self.session.add(
            Host(
                id=user_id,
                names={"en": f"Dr. {name}", "zh-Hans": f"{name} 医生"},
                verified_until=ahead,
            )
        )
        self.ready(user_id)

    def ready(self, user_id: str) -> None:
        """Let somebody have checked their devices and read the script, by the real clock, too."""
        ahead = self.now + timedelta(days=10_000)
        self.session.add(DeviceCheck(user_id=user_id, checked_at=ahead))
        self.session.add(ScriptReading(user_id=user_id, version=script().version, read_at=ahead))
        self.session.flush()

    def _person(self, name: str, role: Role | None) -> User:
        user = User(id=name.replace("_", ""), email=f"{name}@example.org", created_at=self.now)
        self.session.add(user)
        self.session.flush()
        if role is not None:
            give_roles(self.session, user=user, roles=[role], now=self.now)
        self._know(name, user)
        return user

    def _member(self, name: str, organisation_id: str, role: Role) -> None:
        user = self._person(name, None)
        add_member(
            self.session,
            user_id=user.id,
            organisation_id=organisation_id,
            role=role,
            now=self.now,
        )
        self.actors[name] = actor_for(self.session, user.id)

    def _know(self, name: str, user: User) -> None:
        self.actors[name] = actor_for(self.session, user.id)
        self.tokens[name] = issue_token(self.session, user=user, name=name, now=self.now)

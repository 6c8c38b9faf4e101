"""One livestream from its announcement to its replay, with real media, served to browsers.

Its states are rows, as a crew and a media node would have left them; pages, playlists and segments
are those of a real application. While it is live one more second of it arrives each second.
"""
# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from accounts.queries import user_by_email
from catalog.enums import LivestreamState
from catalog.models import Livestream
from catalog.search.services import check_all
from core.clock import utc_now
from core.database import Sessions, make_sessions
from media.enums import BroadcastState, RenditionKind, TrackKind, TrackSource
from media.models import Broadcast, InitSegment, Segment
from media.tracks import keep_track
from scheduler.models import Duty
from streams.answers.rules import Written
from streams.answers.services import add_answer, review_answer
from streams.captions.services.live import type_line
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from streams.questions.services import decide
from tests.fakes.live_room import LiveRoom
from tests.fakes.recordings import record_run
from tests.fakes.served import served
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web.database import db
from web.demo import email_of, load_demo

TITLE = "When the 3 a.m. thoughts arrive"
AHEAD = timedelta(minutes=14)
"""Near enough that its page asks every two seconds whether it has begun."""
BEGUN = 30
"""Seconds of it that are there when it is opened to everybody."""
LONGEST = 180
"""Seconds that are recorded: more than anybody watches here."""
SAID = {
    "en": (
        "Good evening, and welcome to whoever is awake.",
        "At three in the morning every worry looks larger than it is.",
        "A notebook beside the bed takes the thoughts for the night.",
        "Somebody asked whether it is better to get up. Yes, for a while.",
        "Keep the light low, and do something quiet.",
        "Thank you for staying. Sleep well when it comes.",
    ),
    "zh-Hans": (
        "晚上好，欢迎还醒着的每一位。",
        "凌晨三点，每一种担心看起来都比实际大。",
        "床边放一个笔记本，把念头先交给它。",
        "有人问要不要起来。可以，起来一会儿。",
        "灯光调暗，做一件安静的事。",
        "谢谢您陪到现在。睡意来的时候，好好睡。",
    ),
}
CHAPTERS = {
    "en": ("Why the night makes it worse", "A notebook", "To get up or not"),
    "zh-Hans": ("为什么夜里更难", "一个笔记本", "要不要起来"),
}
ANSWERED = Written(
    {"en": "Should I get up when I cannot sleep?", "zh-Hans": "睡不着的时候要不要起来？"},
    {
        "en": "Yes, for a while: keep the light low, and do something quiet.",
        "zh-Hans": "可以起来一会儿：灯光调暗，做一件安静的事。",
    },
    15_000,
    24_000,
)


@dataclass
class Evening(LiveRoom):
    """The room of the livestream, and what its crew does with it."""

    sessions: Sessions
    storage: MemoryStorage
    coming: list[list[dict[str, Any]]] = field(default_factory=list)
    """Rows of the segments that have not arrived, second by second."""
    over: threading.Event = field(default_factory=threading.Event)
    arriving: threading.Thread | None = None

    def begin(self, folder: Path) -> None:
        """Go live: half a minute is there, and every second brings another one."""
        now = utc_now()
        broadcast_id = self._record(folder, now - timedelta(seconds=BEGUN))
        with self.sessions.begin() as session:
            livestream = session.get_one(Livestream, self.livestream_id)
            livestream.broadcast_id = broadcast_id
            livestream.state = LivestreamState.LIVE
            livestream.started_at = now - timedelta(seconds=BEGUN)
        self.arriving = threading.Thread(target=self._arrive)
        self.arriving.start()

    def approve_asked(self, text: str) -> str:
        """Approve what somebody asked in the room; return the id of the question."""
        with self.sessions.begin() as session:
            asked = session.scalars(select(Question).where(Question.text == text)).one()
            decide(session, question_id=asked.id, to=QuestionState.APPROVED, now=utc_now())
            return asked.id

    def type_caption(self, language: str, text: str) -> None:
        """Type a line as a captioner does."""
        with self.sessions.begin() as session:
            livestream = session.get_one(Livestream, self.livestream_id)
            type_line(
                session,
                livestream=livestream,
                language=language,
                text=text,
                age_ms=0,
                now=utc_now(),
            )

    def end(self) -> None:
        """End it and release the replay, with captions, chapters and an answer that is checked."""
        self.stop()
        now = utc_now()
        with self.sessions.begin() as session:
            livestream = session.get_one(Livestream, self.livestream_id)
            broadcast = session.get_one(Broadcast, livestream.broadcast_id)
            broadcast.state, broadcast.ended_at = BroadcastState.ENDED, now
            livestream.state, livestream.ended_at = LivestreamState.PUBLISHED, now
            for language in SAID:
                self._keep_words(session, broadcast.id, language, now)
            made = add_answer(
                session, livestream=livestream, written=ANSWERED, question_id=None, now=now
            )
            review_answer(
                session,
                answer_id=made.id,
                version=made.version,
                reviewer_id=livestream.host_id,
                now=now,
            )
        with self.sessions.begin() as session:
            while check_all(session):
                pass

    def stop(self) -> None:
        """Let nothing arrive any more."""
        self.over.set()
        if self.arriving is not None:
            self.arriving.join()
            self.arriving = None

    def _arrive(self) -> None:
        for rows in self.coming:
            if self.over.wait(1):
                return
            with self.sessions.begin() as session:
                session.execute(insert(Segment), rows)

    def _record(self, folder: Path, begins: datetime) -> str:
        """Record the whole evening; only what has begun is listed."""
        with self.sessions.begin() as session:
            show = Show(session, begins, "source", "sound")
            show.renditions["source"].kind = RenditionKind.VIDEO
            show.renditions["source"].codecs = "avc1.42c00d"
            record_run(show, self.storage, folder, 0, seconds=LONGEST)
            for row in (*session.scalars(select(Segment)), *session.scalars(select(InitSegment))):
                row.size = len(self.storage.objects[row.object_key][0])
                row.uploaded_at = begins
            session.flush()
            later = Segment.sequence >= BEGUN
            found = session.execute(
                select(*Segment.__table__.columns).where(later).order_by(Segment.sequence)
            )
            rows = found.mappings()
            by_second = groupby(rows, key=itemgetter("sequence"))
            self.coming = [[dict(row) for row in second] for _sequence, second in by_second]
            session.execute(delete(Segment).where(later))
            return show.id

    def _keep_words(
        self, session: Session, broadcast_id: str, language: str, now: datetime
    ) -> None:
        spoken = [(6000 * at, 6000 * (at + 1), line) for at, line in enumerate(SAID[language])]
        parts = [(9000 * at, 9000 * (at + 1), name) for at, name in enumerate(CHAPTERS[language])]
        for kind, cues in ((TrackKind.CAPTIONS, spoken), (TrackKind.CHAPTERS, parts)):
            keep_track(
                session, self.storage, broadcast_id=broadcast_id, kind=kind, language=language,
                source=TrackSource.HUMAN, cues=cues, now=now,
            )  # fmt: skip


@contextmanager
def served_evening(home: Path) -> Iterator[Evening]:
    """Serve the demo with one livestream near its start, moderated by the demo's moderator."""
    with served(home) as (app, origin):
        storage = MemoryStorage()
        vars(app.extensions["mindcast.storage"])["storage"] = storage
        with app.app_context():
            livestream_id = _announce()
            sessions = make_sessions(db.engine)
        evening = Evening(app, origin, livestream_id, sessions, storage)
        try:
            yield evening
        finally:
            evening.stop()


def _announce() -> str:
    now, session = utc_now(), db.session
    load_demo(session, now=now, with_talks=False)
    wanted = Livestream.titles["en"].as_string() == TITLE
    livestream = session.scalars(select(Livestream).where(wanted)).one()
    livestream.starts_at, livestream.ends_at = now + AHEAD, now + AHEAD + timedelta(minutes=45)
    moderator = user_by_email(session, email_of("moderator"))
    assert moderator is not None
    on_duty = (Duty.livestream_id == livestream.id, Duty.moderator_id == moderator.id)
    if session.scalar(select(Duty.id).where(*on_duty)) is None:
        duty = Duty(livestream_id=livestream.id, moderator_id=moderator.id)
        duty.created_at = duty.updated_at = now
        session.add(duty)
    while check_all(session):
        pass
    session.commit()
    return livestream.id

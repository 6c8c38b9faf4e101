"""Promise 1: 2,000 questions and 10,000 votes within a minute; none is lost, none counted twice.

People come from many addresses, each with the pass of a browser; every tenth request is sent twice,
as a phone does that lost the answer. What the site said it took is compared with what it holds.
"""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlsplit

from sqlalchemy import func, select

from bench.broadcast import database, make_crew, schedule
from bench.figures import Figure, at_least, at_most, percentile_95
from bench.house import House, house
from bench.lengths import length
from core.clock import utc_now
from core.ids import new_id
from streams.questions.enums import QuestionState
from streams.questions.models import Question, QuestionVote
from streams.room.services import open_room

MINUTE = 60.0
SENDERS = 16
ADDRESSES = 100
WANTED = 20
"""Questions that are shown; each voter wants all of them."""
ASKED_EACH = 4
"""Questions of each person who votes: 500 people send 2,000 questions and 10,000 votes."""
TAKEN, DONE = 202, 200


@dataclass
class Told:
    """What the site said it took."""

    asked: set[str] = field(default_factory=set)
    wanted: Counter[str] = field(default_factory=Counter)
    bad: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


class Person:
    """A browser of its own: an address, and the pass that it was given."""

    def __init__(self, site: House, room: str, number: int) -> None:
        address = urlsplit(site.url)
        source = (f"127.0.{1 + number % ADDRESSES}.1", 0)
        self.line = HTTPConnection(
            address.hostname or "", address.port, timeout=30, source_address=source
        )
        self.room, self.number, self.cookie = room, number, ""

    def send(
        self, path: str, body: dict[str, str], told: Told, key: str = ""
    ) -> tuple[int, dict[str, str]]:
        """Send one write with the pass; keep the one that is given."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        headers |= {"Idempotency-Key": key} if key else {}
        began = time.monotonic()
        self.line.request("POST", f"{self.room}{path}", json.dumps(body), headers)
        answer = self.line.getresponse()
        text = answer.read()
        told.seconds.append(time.monotonic() - began)
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer.status, json.loads(text)

    def take_part(self, wanted: list[str], told: Told) -> None:
        """Ask and want everything; every tenth request twice."""
        turn = count(self.number)
        for place in range(ASKED_EACH):
            body, key = {"text": f"Question {place} of {self.number}?"}, f"{self.number}-{place}"
            for _ in range(times(turn)):
                status, said = self.send("/questions", body, told, key)
                if status == TAKEN:
                    told.asked.add(said["id"])
                else:
                    told.bad[status] += 1
        for one in wanted:
            for again in range(times(turn)):
                status, _ = self.send(f"/questions/{one}/votes", {}, told)
                if status != DONE:
                    told.bad[status] += 1
                elif not again:
                    told.wanted[one] += 1
        self.line.close()


def times(turn: "count[int]") -> int:
    """Return how often a request is sent."""
    return 2 if next(turn) % 10 == 0 else 1


def measure() -> list[Figure]:
    people = int(length("QUESTIONS_PEOPLE", 500, 50))
    with house() as site:
        broadcast = schedule(site, make_crew(site))
        wanted = show(site, broadcast.livestream_id)
        room, told = f"/api/v1/livestreams/{broadcast.livestream_id}", Told()
        began = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            list(
                pool.map(
                    lambda number: Person(site, room, number).take_part(wanted, told),
                    range(people),
                )
            )
        took = time.monotonic() - began
        return figures(site, told, wanted, people, took)


def figures(site: House, told: Told, wanted: list[str], people: int, took: float) -> list[Figure]:
    """Compare what was said with what is there."""
    with database(site) as session:
        held = set(session.scalars(select(Question.id))) - set(wanted)
        counts = dict(session.execute(select(Question.id, Question.votes)).tuples().all())
        rows = session.execute(select(func.count()).select_from(QuestionVote)).scalar_one()
    votes = sum(counts[one] for one in wanted)
    sent = people * (ASKED_EACH + len(wanted))
    return [
        at_least(1, "questions taken", len(told.asked), "", people * ASKED_EACH),
        at_most(1, "questions taken twice", len(told.asked) - people * ASKED_EACH, "", 0),
        at_most(1, "questions lost", len(told.asked - held), "", 0),
        at_most(1, "questions doubled", len(held - told.asked), "", 0),
        at_least(1, "votes taken", told.wanted.total(), "", people * len(wanted)),
        at_most(1, "votes lost or doubled", abs(votes - told.wanted.total()), "", 0),
        at_most(1, "votes that differ from their rows", abs(votes - rows), "", 0),
        at_most(1, "refused", told.bad.total(), "", 0, str(dict(told.bad)) if told.bad else ""),
        at_most(1, f"{sent} questions and votes", took, "s", MINUTE),
        Figure(1, "p95 of one", percentile_95(told.seconds) * 1000, "ms"),
    ]


def show(site: House, livestream_id: str) -> list[str]:
    """Put questions in the room that everybody sees."""
    now, ids = utc_now(), [new_id() for _ in range(WANTED)]
    with database(site) as session:
        open_room(session, livestream_id=livestream_id, now=now)
        session.add_all(
            Question(
                id=one,
                livestream_id=livestream_id,
                text=f"Shown {place}?",
                state=QuestionState.APPROVED,
                edit_fingerprint=one,
                asked_at=now,
                changed_at=now,
                shown_at=now,
            )
            for place, one in enumerate(ids)
        )
    return ids

"""Promise 2: how soon an approved question is on a viewer's page, by the rule that pages ask by.

Viewers ask through the edge as the page does: with the tag of what they have, every 1.5 s, a tenth
sooner or later (``web/frontend/src/watch/phases.ts`` and ``poll.ts``). A moderator approves by the
API. What counts is the time from the answer to the approval until the state of a viewer has it.
"""

import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.broadcast import database, make_crew, schedule
from bench.edge import growing
from bench.figures import Figure, at_most, percentile_95
from bench.house import House, expect, house
from bench.lengths import length
from core.clock import utc_now
from core.ids import new_id
from streams.questions.models import Question
from streams.room.services import open_room

PAUSE, SPREAD = 1.5, 0.1
PAGES = 40
WAIT = 10.0
UNCHANGED = 304


@dataclass
class Page:
    """An open page: what it shows, and since when."""

    site: House
    address: str
    stopping: threading.Event
    shown: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """Ask as the page does until it is closed."""
        tag = ""
        while not self.stopping.wait(PAUSE * random.uniform(1 - SPREAD, 1 + SPREAD)):
            headers = {"If-None-Match": tag} if tag else {}
            answer = self.site.get(self.address, headers=headers)
            if answer.status == UNCHANGED:
                continue
            tag, now = answer.headers.get("etag", ""), time.monotonic()
            for one in json.loads(answer.body)["questions"]:
                self.shown.setdefault(one["id"], now)


def measure() -> list[Figure]:
    count = int(length("APPROVALS", 30, 8))
    with house() as site:
        crew = make_crew(site)
        broadcast = schedule(site, crew)
        with growing(site, broadcast):
            waiting = ask(site, broadcast.livestream_id, count)
            address = f"/api/v1/livestreams/{broadcast.livestream_id}/audience"
            with open_pages(site, address) as pages:
                taken = [
                    seconds for one in waiting for seconds in approve(site, crew.token, one, pages)
                ]
    lost = count * PAGES - len(taken)
    note = f"{count} questions on {PAGES} pages"
    return [
        at_most(2, "approved question to a viewer's page, p95", percentile_95(taken), "s", 3, note),
        Figure(2, "the slowest page", max(taken), "s"),
        at_most(2, "pages that did not get it", lost, "", 0, f"within {WAIT:g} s"),
    ]


def ask(site: House, livestream_id: str, count: int) -> list[str]:
    """Let questions wait for a moderator."""
    now = utc_now()
    with database(site) as session:
        open_room(session, livestream_id=livestream_id, now=now)
        made = [
            Question(
                id=new_id(),
                livestream_id=livestream_id,
                text=f"How do I know that it is panic, number {number}?",
                edit_fingerprint=new_id(),
                asked_at=now,
                changed_at=now,
            )
            for number in range(count)
        ]
        session.add_all(made)
        return [one.id for one in made]


@contextmanager
def open_pages(site: House, address: str) -> Iterator[Sequence[Page]]:
    """Keep pages open, each at its own moment."""
    stopping = threading.Event()
    pages = [Page(site, address, stopping) for _ in range(PAGES)]
    threads = [threading.Thread(target=page.run) for page in pages]
    for thread in threads:
        thread.start()
    try:
        yield pages
    finally:
        stopping.set()
        for thread in threads:
            thread.join(30)


def approve(site: House, token: str, question_id: str, pages: Sequence[Page]) -> list[float]:
    """Approve a question; return after how many seconds each page had it."""
    body = {"state": "approved"}
    expect(site.send("PATCH", f"/api/v1/questions/{question_id}", body=body, token=token), 200)
    began = time.monotonic()
    while time.monotonic() - began < WAIT and not all(question_id in one.shown for one in pages):
        time.sleep(0.05)
    return [max(0.0, one.shown[question_id] - began) for one in pages if question_id in one.shown]

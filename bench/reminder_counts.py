"""What came of all the reminders, counted from the files and compared with the ledger."""

import email.parser
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from bench.figures import Figure, at_most
from bench.reminder_rows import REPLAY, Waiting
from bench.reminder_workers import Place

PROMISE = 2


@dataclass
class Commits:
    """Which livestreams were cancelled and moved, and when that was committed (Unix time)."""

    cancelled: str
    moved: str
    cancelled_at: float = 0.0
    moved_at: float = 0.0


@dataclass(frozen=True)
class Row:
    """A row of the ledger as it stands at the end."""

    recipient: str
    occurrence: str
    kind: str
    state: str


@dataclass
class Came:
    """All mails, by the id of their notice."""

    rows: Mapping[str, Row]
    files: Mapping[str, list[Path]]
    asked: Mapping[str, list[float]] = field(default_factory=dict)
    """When the source was asked before each sending (Unix time)."""

    def people(self, kind: str, occurrence: str) -> set[str]:
        """Return who was sent a kind of notice about something."""
        rows = (self.rows[one] for one in self.files)
        return {one.recipient for one in rows if (one.kind, one.occurrence) == (kind, occurrence)}

    def reminders_of(self, livestream: str) -> list[str]:
        """Return the notices that reminded of a livestream."""
        return [
            one
            for one in self.files
            if (self.rows[one].kind, self.rows[one].occurrence) == ("day_before", livestream)
        ]


def came(place: Place, engine: Engine) -> Came:
    """Read the ledger, the files and the notes of the workers."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in place.settings.mail.rglob("*.eml"):
        if not path.name.startswith("."):  # one whose worker was killed while it wrote
            files[path.name.partition(".")[0]].append(path)
    return Came(_rows(engine), files, _asked(place.asked))


def _rows(engine: Engine) -> dict[str, Row]:
    columns = (Notice.id, Notice.recipient_id, Notice.occurrence, Notice.kind, Notice.state)
    with engine.connect() as connection:
        return {row[0]: Row(*row[1:]) for row in connection.execute(select(*columns))}


def _asked(folder: Path) -> dict[str, list[float]]:
    asked: dict[str, list[float]] = defaultdict(list)
    for notes in folder.iterdir():
        for line in notes.read_text().splitlines():
            notice_id, at = line.split()
            asked[notice_id].append(float(at))
    return asked


def figures_of(
    kind: str, mails: Came, waiting: Waiting, commits: Commits, kills: int
) -> list[Figure]:
    """Return what was promised of all of them."""
    repeated = {one: paths for one, paths in mails.files.items() if len(paths) > 1}
    copies = sum(len(paths) - 1 for paths in repeated.values())
    others = sum(len(_ids(paths)) > 1 for paths in repeated.values())
    asleep = mails.people("replay_ready", REPLAY) & waiting.of_replay(asleep=True)
    held = sum(
        one.kind == "replay_ready" and one.state == NoticeState.WAITING
        for one in mails.rows.values()
    )
    total = sum(map(len, mails.files.values()))
    late = [
        *_after(mails, commits.cancelled, commits.cancelled_at),
        *_after(mails, commits.moved, commits.moved_at),
    ]
    in_flight = max((at for _, at in late), default=0.0)
    untrue = sum(decided for decided, _ in late)
    return [
        at_most(
            PROMISE, f"{kind}: missing", missing(mails, waiting, commits), "", 0, f"of {total}"
        ),
        at_most(PROMISE, f"{kind}: decided after a cancellation or move", untrue, "", 0),
        Figure(
            PROMISE,
            f"{kind}: written after the commit, decided before it",
            len(late) - untrue,
            "",
            note=f"on their way already, the last {1000 * in_flight:.0f} ms later",
        ),
        at_most(PROMISE, f"{kind}: in quiet hours", len(asleep), "", 0, f"{held} wait for 8:00"),
        at_most(PROMISE, f"{kind}: twice", copies, "", kills, f"{kills} kills"),
        at_most(PROMISE, f"{kind}: twice under another Message-ID", others, "", 0),
    ]


def missing(mails: Came, waiting: Waiting, commits: Commits) -> int:
    """Return how many people were not told what they wait for."""
    told = {commits.cancelled: "cancelled", commits.moved: "changed"}
    lacking = len(waiting.of_replay(asleep=False) - mails.people("replay_ready", REPLAY))
    for livestream in waiting.livestreams:
        kind = told.get(livestream, "day_before")
        lacking += len(waiting.of(livestream) - mails.people(kind, livestream))
    return lacking


def _after(mails: Came, livestream: str, commit: float) -> list[tuple[bool, float]]:
    """Return the reminders that were written after a commit: decided after it, seconds after."""
    found = []
    for notice_id in mails.reminders_of(livestream):
        asked = max(mails.asked[notice_id])
        written = max(path.stat().st_mtime for path in mails.files[notice_id])
        if max(asked, written) > commit:
            found.append((asked > commit, written - commit))
    return found


def _ids(paths: Iterable[Path]) -> set[str]:
    parser = email.parser.BytesHeaderParser()
    return {str(parser.parsebytes(path.read_bytes())["Message-ID"]) for path in paths}

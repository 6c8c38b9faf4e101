from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import Channel, DropReason, NoticeState
from accounts.notices.errors import NotSteerable
from accounts.notices.models import Notice
from accounts.notices.queries import find_notice, list_notices
from accounts.notices.services import drop, retry
from accounts.notices.services.claiming import LEASE_SECONDS, claim, give_back, renew
from core.database import Sessions
from tests.fakes.notices import make_person, put

BOTH = tuple(Channel)
LEASE = timedelta(seconds=LEASE_SECONDS)


def _claim(sessions: Sessions, worker: str, now: datetime, most: int = 50) -> list[str]:
    with sessions.begin() as session:
        ids = claim(session, worker=worker, channels=BOTH, now=now, most=most)
        rows = session.execute(select(Notice.id, Notice.occurrence))
        names = {row.id: row.occurrence for row in rows}
    return [names[one] for one in ids]


def test_claim_takes_what_is_due_longest_and_each_row_once(
    sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    for minutes, name in ((1, "late"), (3, "early"), (2, "middle"), (-1, "not yet")):
        due_at = now - timedelta(minutes=minutes)
        put(sessions, "registered", ada, name, now=now, due_at=due_at)
    assert _claim(sessions, "one", now, most=2) == ["early", "middle"]
    assert _claim(sessions, "two", now) == ["late"]
    assert _claim(sessions, "three", now) == []


def test_claim_leaves_closed_channels_alone(sessions: Sessions, now: datetime) -> None:
    ada = make_person(sessions, now)
    put(sessions, "changed", ada, "mail", now=now)
    put(sessions, "changed", ada, "text", now=now, channel=Channel.SMS)
    with sessions.begin() as session:
        assert len(claim(session, worker="one", channels=(Channel.SMS,), now=now)) == 1
    assert _claim(sessions, "two", now) == ["mail"]


@pytest.mark.parametrize("state", [NoticeState.LEASED, NoticeState.SENDING])
def test_claim_takes_what_a_vanished_worker_left_first(
    sessions: Sessions, now: datetime, state: NoticeState
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "registered", ada, "left", now=now)
    assert _claim(sessions, "gone", now) == ["left"]
    with sessions.begin() as session:
        session.query(Notice).update({"state": state})
    put(sessions, "registered", ada, "older", now=now, due_at=now - timedelta(days=1))
    assert _claim(sessions, "two", now + LEASE, most=1) == ["older"]
    assert _claim(sessions, "three", now + LEASE + timedelta(seconds=1), most=1) == ["left"]


def test_renewed_lease_is_kept_and_what_is_given_back_is_free(
    sessions: Sessions, now: datetime
) -> None:
    ada = make_person(sessions, now)
    put(sessions, "registered", ada, "one", "two", now=now)
    assert len(_claim(sessions, "slow", now)) == 2
    with sessions.begin() as session:
        renew(session, worker="slow", now=now + LEASE)
    assert _claim(sessions, "other", now + LEASE + timedelta(seconds=1)) == []
    with sessions.begin() as session:
        give_back(session, worker="slow")
    assert sorted(_claim(sessions, "other", now)) == ["one", "two"]


def test_renewal_passes_over_what_its_worker_is_changing(sessions: Sessions, now: datetime) -> None:
    put(sessions, "registered", make_person(sessions, now), "one", "two", now=now)
    _claim(sessions, "slow", now)
    with sessions() as changing:
        if changing.get_bind().dialect.name == "sqlite":
            return  # whoever writes is alone there
        changing.query(Notice).filter_by(occurrence="one").update({"attempts": 1})
        with sessions.begin() as session:
            renew(session, worker="slow", now=now + LEASE)
        changing.commit()
    with sessions() as session:
        leases = {one.occurrence: one.lease_until for one in session.query(Notice)}
    assert leases == {"one": now + LEASE, "two": now + 2 * LEASE}


def test_rivals_never_claim_the_same_row(sessions: Sessions, now: datetime) -> None:
    ada = make_person(sessions, now)
    put(sessions, "registered", ada, *(f"row {number}" for number in range(120)), now=now)
    together, claimed = Barrier(6), list[str]()

    def claim_all(name: str) -> None:
        together.wait()
        while taken := _claim(sessions, name, now, most=7):
            claimed.extend(taken)

    threads = [Thread(target=claim_all, args=(f"worker {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"row {number}" for number in range(120))


def _one(session: Session) -> Notice:
    return session.scalars(select(Notice).execution_options(populate_existing=True)).one()


def test_failed_notice_is_tried_again_only_once(sessions: Sessions, now: datetime) -> None:
    put(sessions, "registered", make_person(sessions, now), "row", now=now)
    with sessions.begin() as session:
        notice = _one(session)
        with pytest.raises(NotSteerable):
            retry(session, notice_id=notice.id, now=now)
        notice.state, notice.attempts, notice.reason = NoticeState.FAILED, 8, "no"
    later = now + timedelta(hours=1)
    with sessions.begin() as session:
        retry(session, notice_id=notice.id, now=later)
    with sessions.begin() as session:
        found = _one(session)
        assert (found.state, found.attempts, found.reason, found.due_at) == (
            NoticeState.WAITING,
            0,
            "",
            later,
        )
        with pytest.raises(NotSteerable):
            retry(session, notice_id=notice.id, now=later)


def test_dropped_by_hand_is_never_sent(sessions: Sessions, now: datetime) -> None:
    put(sessions, "registered", make_person(sessions, now), "row", now=now)
    with sessions.begin() as session:
        drop(session, notice_id=_one(session).id)
    with sessions.begin() as session:
        found = _one(session)
        assert (found.state, found.reason) == (NoticeState.DROPPED, DropReason.BY_HAND)
        with pytest.raises(NotSteerable):
            drop(session, notice_id=found.id)
    assert _claim(sessions, "one", now) == []


def test_board_lists_the_latest_first(sessions: Sessions, now: datetime) -> None:
    ada = make_person(sessions, now)
    put(sessions, "registered", ada, "first", now=now, due_at=now - timedelta(hours=1))
    put(sessions, "registered", ada, "second", now=now)
    put(sessions, "changed", ada, "third", now=now, due_at=now + timedelta(hours=1))
    _claim(sessions, "one", now, most=1)
    with sessions() as session:
        assert [one.occurrence for one in list_notices(session)] == ["third", "second", "first"]
        (waiting,) = list_notices(session, state="waiting", kind="registered")
        assert (waiting.occurrence, waiting.recipient_id, waiting.attempts) == ("second", ada, 0)
        assert find_notice(session, notice_id=waiting.id) == waiting
        assert list_notices(session, page=2) == []
        assert find_notice(session, notice_id="nothing") is None

"""The clock: APScheduler calls jobs; what they find due becomes rows.

The schedule itself is in memory. Nothing is lost with it, because what is due stands in the
database. Any number of clocks on one database do each thing once, because every job compares and
sets.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from core.clock import utc_now
from core.database import Sessions
from scheduler.jobs import Job, heartbeat_job

log = structlog.get_logger("mindcast.clock")

THREADS: Final = 2  # one job that hangs must not hold up the heartbeat of the others


def run_clock(
    sessions: Sessions,
    *,
    jobs: Sequence[Job],
    node: str,
    until_stopped: Callable[[], object],
    read_clock: Callable[[], datetime] = utc_now,
) -> None:
    """Run the clock's ``jobs`` and its heartbeat until ``until_stopped`` returns."""
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)}
    )
    for job in (heartbeat_job(node), *jobs):
        scheduler.add_job(
            run_job,
            "interval",
            args=(sessions, job, read_clock),
            seconds=job.interval.total_seconds(),
            id=job.name,
            next_run_time=utc_now(),  # at once, then every interval
            coalesce=True,  # ticks missed while the machine slept are one tick
            max_instances=1,
            misfire_grace_time=None,  # late is better than not
        )
    scheduler.start()
    try:
        until_stopped()
    finally:
        scheduler.shutdown(wait=True)


def run_job(sessions: Sessions, job: Job, read_clock: Callable[[], datetime] = utc_now) -> bool:
    """Run one job once in its own transaction; a failure is logged and the clock goes on."""
    try:
        with sessions.begin() as session:
            job.act(session, read_clock())
    except Exception:  # whatever it is, the next tick tries again
        log.exception("job failed", job=job.name)
        return False
    return True

"""What the clock does: the one place where due times of all rooms meet the scheduler."""

import signal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.orm import Session

from accounts.joining.services.links import forget_old as forget_links
from accounts.notices.personal import remove_old_mails
from accounts.notices.services.forgetting import forget_told
from catalog.credentials.services.documents import remove_due
from catalog.credentials.services.rechecks import announce_due
from catalog.models import Livestream
from catalog.search.services import catch_up, check_all
from core.database import make_engine, make_sessions
from core.errors import Refusal
from core.limits import forget_counts
from core.settings import Settings
from media.retention import enqueue_retirements
from media.storage import S3Storage
from scheduler.duties.services import tell_gaps
from scheduler.grid.jobs import forget_past, release_holds
from scheduler.jobs import Job
from scheduler.notices.bulletins import look, look_at_everything
from scheduler.notices.mailings import make_reminders
from scheduler.programme.services import reserve_missing
from scheduler.registrations.services import forget_old as forget_registrations
from scheduler.runner import run_clock
from scheduler.zone_data.services import follow_zone_data
from streams.answers.services import forget_answers
from streams.audience.services import forget_old as forget_beats
from streams.captions.services.live import ask_for_missing as ask_for_captions
from streams.captions.services.live import forget_unneeded as forget_typed_lines
from streams.handouts.services import forget_handouts
from streams.life import queries
from streams.life import services as life
from streams.marks.services import ask_for_missing_chapters
from streams.moderation.services import raise_alerts
from streams.planning.services import handover
from streams.playback.services import forget_expired as forget_grants
from streams.polls.services import forget_votes
from streams.premieres.services import keep_time
from streams.questions.services import forget_people, forget_rejected
from streams.readiness.services import forget_old_presence
from streams.removal.services import follow as follow_removals
from streams.room_state.services import keep_rooms
from streams.studio.slides.services import forget_old_slides
from streams.uploads.services import expire_uploads
from web.api.idempotency import forget_expired
from web.demo import renew_demo

log = structlog.get_logger("mindcast.clock")

MINUTELY: Final = timedelta(minutes=1)
HOURLY: Final = timedelta(hours=1)
DAILY: Final = timedelta(days=1)
ENDINGS: Final = frozenset({signal.SIGTERM, signal.SIGINT})


def end_overruns(session: Session, now: datetime) -> None:
    """End livestreams that have gone on half an hour too long."""

    def end(livestream_id: str) -> None:
        life.end(session, livestream=session.get_one(Livestream, livestream_id), now=now)

    _each(session, queries.overrun_livestreams(session, now=now), end)


def end_withdrawn(session: Session, now: datetime) -> None:
    """End what is live of hosts whose licence was withdrawn; one that expires may finish."""

    def end(livestream_id: str) -> None:
        life.end(session, livestream=session.get_one(Livestream, livestream_id), now=now)

    _each(session, queries.withdrawn_livestreams(session), end)


def announce_rechecks(session: Session, now: datetime) -> None:
    """Announce licences that have to be looked up again within two weeks."""
    for person_id in announce_due(session, now):
        log.info("licence due", person=person_id)


def give_up_missed(session: Session, now: datetime) -> None:
    """Give up livestreams that nobody has begun half an hour after their start."""
    _each(
        session,
        queries.missed_livestreams(session, now=now),
        lambda livestream_id: life.miss(session, livestream_id=livestream_id, now=now),
    )


def forget_old_counts(session: Session, now: datetime) -> None:
    """Drop the counters of limits whose time is over."""
    forget_counts(session, before=now - DAILY)


def forget_old_grants(session: Session, now: datetime) -> None:
    """Drop grants that play nothing any more: who could watch what is health data."""
    forget_grants(session, now=now)


def forget_old_notices(session: Session, now: datetime) -> None:
    """Drop what was told 90 days ago: which livestreams somebody waited for is health data."""
    forget_told(session, now=now)


def forget_old_beats(session: Session, now: datetime) -> None:
    """Drop how many watched 13 months ago, and what addresses were counted by long before."""
    forget_beats(session, now=now)


def forget_removed_answers(session: Session, now: datetime) -> None:
    """Drop answers whose recording was removed, or whose question was: their words came from it."""
    del now
    forget_answers(session)


def retire_media(session: Session, now: datetime) -> None:
    """Ask for the removal of live segments whose ladder has been shown for a day."""
    enqueue_retirements(session, now=now)


def index_lately(session: Session, now: datetime) -> None:
    """Let what was just written be found."""
    catch_up(session, now=now)


def index_everything(session: Session, now: datetime) -> None:
    """Let everything be found as it is, and nothing that is gone."""
    del now
    check_all(session)


JOBS: Final = (
    Job("overruns", end_overruns),
    Job("premieres", keep_time),
    Job("urgent questions", raise_alerts),
    Job("missed", give_up_missed),
    Job("withdrawn", end_withdrawn),
    Job("rechecks", announce_rechecks, HOURLY),
    Job("missing moderators", tell_gaps, MINUTELY),
    Job("bulletins", look),
    Job("all bulletins", look_at_everything, HOURLY),
    Job("reminders", make_reminders),
    Job("uploads", expire_uploads),
    Job("old slides", forget_old_slides, HOURLY),
    Job("old hand-outs", forget_handouts, HOURLY),
    Job("old presence", forget_old_presence, HOURLY),
    Job("removals", follow_removals),
    Job("chapters", ask_for_missing_chapters, MINUTELY),
    Job("captions", ask_for_captions),
    Job("typed lines", forget_typed_lines, MINUTELY),
    Job("rooms", keep_rooms, MINUTELY),
    Job("old poll votes", forget_votes, MINUTELY),
    Job("blocked hosts", handover.search_for_blocked_hosts),
    Job("searches", handover.ask_due_waves),
    Job("search index", index_lately),
    Job("whole search index", index_everything, MINUTELY),
    Job("unfound hosts", handover.cancel_unfound),
    Job("expired answers", forget_expired, HOURLY),
    Job("old counts", forget_old_counts, HOURLY),
    Job("old grants", forget_old_grants, HOURLY),
    Job("old notices", forget_old_notices, HOURLY),
    Job("old beats", forget_old_beats, HOURLY),
    Job("people of rooms", forget_people, MINUTELY),
    Job("rejected questions", forget_rejected, HOURLY),
    Job("answers of what was removed", forget_removed_answers, MINUTELY),
    Job("retirements", retire_media, HOURLY),
    Job("expired holds", release_holds, MINUTELY),
    Job("past cells", forget_past, DAILY),
    Job("zone data", follow_zone_data, HOURLY),
    Job("missing reservations", reserve_missing, MINUTELY),
    Job("old registrations", forget_registrations, HOURLY),
    Job("old links", forget_links, HOURLY),
)


def document_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the job by which pages of licences go 30 days after the decision."""

    def remove(session: Session, now: datetime) -> None:
        storage = S3Storage.from_settings(settings)
        try:
            remove_due(session, storage, now=now)
        finally:
            storage.close()

    return (Job("documents", remove, HOURLY),)


def mail_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the job by which mails and text messages in the home go after 30 days."""

    def remove(session: Session, now: datetime) -> None:
        del session  # the job has one all the same: it runs on one machine at a time
        remove_old_mails(settings.mail, now=now)

    return (Job("old mails", remove, HOURLY),)


def demo_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the job by which something of the demo is always live and always next."""
    if not settings.demo:
        return ()

    def renew(session: Session, now: datetime) -> None:
        renew_demo(session, settings, now=now)

    return (Job("demo", renew, MINUTELY),)


def run(settings: Settings) -> int:
    """Run the clock of this installation until SIGTERM or SIGINT; return the exit code."""
    engine = make_engine(settings.database_url)
    # Blocked before any thread begins, the signals wait for sigwait: no handler can come between.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        run_clock(
            make_sessions(engine),
            jobs=(*JOBS, *document_jobs(settings), *mail_jobs(settings), *demo_jobs(settings)),
            node=settings.node_name,
            until_stopped=lambda: signal.sigwait(ENDINGS),
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        engine.dispose()
    return 0


def _each(session: Session, ids: Sequence[str], act: Callable[[str], object]) -> None:
    """Act on each; one that somebody else has just moved steps aside."""
    for livestream_id in ids:
        try:
            with session.begin_nested():
                act(livestream_id)
        except Refusal as refusal:
            log.info("already moved", livestream=livestream_id, reason=str(refusal))

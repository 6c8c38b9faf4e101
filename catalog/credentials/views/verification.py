"""The editors' queue of licences, and the page of one person's."""

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.credentials.queries.verification_case import case_of, waited_days
from catalog.credentials.queries.verification_queue import queue_for
from catalog.credentials.rules.rosters import sample_size
from catalog.credentials.rules.verification import (
    NOTICE,
    RECHECK_EVERY,
    check_may_verify,
    is_day,
    last_moment_of,
)
from catalog.credentials.services import checks, rechecks, withdrawal
from catalog.credentials.services.noting import note_act
from catalog.credentials.views.blueprint import SEE_OTHER, current_session, settings, unkept
from catalog.credentials.views.verification_blueprint import (
    faults_of,
    limit_acts,
    pages,
    typed,
)
from catalog.queries import list_topics
from catalog.rules import is_id, is_verified
from core.database import mark_reading
from core.errors import FieldError, InvalidInput, NotFound, Refusal, WrongState, _

NO_DAY = _("Choose a day, for example 2027-11-22, or leave it empty.")
DONE = {
    "confirmed": _("Your check is written down. A second person has to look it up as well."),
    "granted": _("Granted. The person can host from now on."),
    "sent_back": _("Sent back. The person reads what is missing."),
    "refused": _("Refused. The person reads the reason."),
    "rechecked": _("The recheck is written down."),
    "withdrawn": _("Withdrawn. Nothing can be hosted with it from this moment on."),
    "reopened": _("A new check is open. Two people make it."),
}


@pages.get("/administration/verification")
def queue() -> Response:
    """Show what waits."""
    found = queue_for(current_session(), actor_id=g.actor.user_id or "", now=g.now)
    return unkept(
        render_template(
            "catalog/credentials/verification/queue.html",
            queue=found,
            waited_days=waited_days,
            notice_days=NOTICE.days,
            sample_size=sample_size,
        )
    )


@pages.get("/administration/verification/people/<person_id>")
def case(person_id: str) -> Response:
    """Show what one person handed in, and write down who has looked."""
    page = _case_page(person_id)
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)  # the line of the log is a write of its own
    note_act(session, actor=g.actor, act="view", person_id=person_id, now=g.now)
    session.commit()
    return page


@pages.post("/administration/verification/people/<person_id>/confirm")
def confirm(person_id: str) -> AnyResponse:
    """Write down that the primary source confirms the licence."""

    def act() -> str:
        credential = checks.confirm(
            current_session(),
            actor=g.actor,
            person_id=person_id,
            source=typed("source"),
            evidence=typed("evidence"),
            now=g.now,
        )
        return "granted" if credential.granted_at is not None else "confirmed"

    return _act(person_id, "confirm", act)


@pages.post("/administration/verification/people/<person_id>/send-back")
def send_back(person_id: str) -> AnyResponse:
    """Ask the person for what is missing."""

    def act() -> str:
        session = current_session()
        checks.send_back(
            session, actor=g.actor, person_id=person_id, missing=typed("note"), now=g.now
        )
        return "sent_back"

    return _act(person_id, "send-back", act)


@pages.post("/administration/verification/people/<person_id>/refuse")
def refuse(person_id: str) -> AnyResponse:
    """Refuse the application."""

    def act() -> str:
        session = current_session()
        checks.refuse(session, actor=g.actor, person_id=person_id, reason=typed("note"), now=g.now)
        return "refused"

    return _act(person_id, "refuse", act)


@pages.post("/administration/verification/people/<person_id>/recheck")
def recheck(person_id: str) -> AnyResponse:
    """Write down that the primary source still confirms the licence."""

    def act() -> str:
        day = typed("valid_until").strip()
        if day and not is_day(day):
            raise InvalidInput(FieldError("valid_until", NO_DAY))
        rechecks.recheck(
            current_session(),
            actor=g.actor,
            person_id=person_id,
            source=typed("source"),
            evidence=typed("evidence"),
            new_end=last_moment_of(day) if day else None,
            now=g.now,
        )
        return "rechecked"

    return _act(person_id, "recheck", act)


@pages.post("/administration/verification/people/<person_id>/withdraw")
def withdraw(person_id: str) -> AnyResponse:
    """Take the verification away, at this moment."""

    def act() -> str:
        withdrawal.withdraw(
            current_session(),
            actor=g.actor,
            person_id=person_id,
            reason=typed("reason"),
            now=g.now,
        )
        return "withdrawn"

    return _act(person_id, "withdraw", act)


@pages.post("/administration/verification/people/<person_id>/reopen")
def reopen(person_id: str) -> AnyResponse:
    """Open a new check of a licence that was withdrawn."""

    def act() -> str:
        withdrawal.reopen(current_session(), actor=g.actor, person_id=person_id, now=g.now)
        return "reopened"

    return _act(person_id, "reopen", act)


@pages.post("/administration/verification/people/<person_id>/number")
def number(person_id: str) -> AnyResponse:
    """Show the licence number once; who has seen it is written down."""
    _known(person_id)
    limit_acts("licence_number", most=60)
    session = current_session()
    shown = checks.reveal_number(
        session, actor=g.actor, person_id=person_id, data_key=settings().data_key, now=g.now
    )
    session.commit()
    return _case_page(person_id, number=shown)


def _act(person_id: str, name: str, act: Any) -> AnyResponse:  # noqa: ANN401 -- a closure
    """Do an act; what it refuses is shown on the page with everything that was typed."""
    _known(person_id)
    limit_acts("verification")
    session = current_session()
    try:
        done = act()
    except (InvalidInput, WrongState) as refusal:
        session.rollback()
        return _case_page(person_id, refusal=refusal, failed=name)
    session.commit()
    address = url_for("verification_pages.case", person_id=person_id, done=done)
    return redirect(address, SEE_OTHER)


def _known(person_id: str) -> None:
    """Refuse what is no id, and the actor's own licence, before anything is counted."""
    if not is_id(person_id):
        raise NotFound
    check_may_verify(g.actor, holder_id=person_id)


def _case_page(
    person_id: str, *, number: str = "", refusal: Refusal | None = None, failed: str = ""
) -> Response:
    _known(person_id)
    found = case_of(current_session(), person_id=person_id)
    host = found.host
    page = render_template(
        "catalog/credentials/verification/case.html",
        case=found,
        number=number,
        refusal=refusal,
        failed=failed,
        faults=faults_of(refusal) if refusal else {},
        values=request.form,
        done=DONE.get(request.args.get("done", "")),
        is_valid=host is not None and is_verified(host.verified_until, g.now),
        is_mine=found.first_by is not None and found.first_by == g.actor.user_id,
        recheck_days=RECHECK_EVERY.days,
        topic_names={one.slug: one.names for one in list_topics(current_session())},
    )
    return unkept(page, refusal.status if refusal else 200)

"""Signed rosters: handed in, sampled, approved; their issuers; the links of their people."""

import csv
import io
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.enums import Role
from catalog.credentials.errors import BadRoster
from catalog.credentials.queries import verification_rosters as queries
from catalog.credentials.rules import rosters as rules
from catalog.credentials.services import issuers as issuing
from catalog.credentials.services import joining
from catalog.credentials.services import rosters as services
from catalog.credentials.services.noting import note_roster
from catalog.credentials.views.blueprint import SEE_OTHER, current_session, settings, unkept
from catalog.credentials.views.verification_blueprint import (
    cell,
    csv_file,
    faults_of,
    limit_acts,
    pages,
    typed,
)
from catalog.rules import is_id
from core.database import mark_reading
from core.errors import FieldError, InvalidInput, NotFound, Refusal, WrongState, _

DONE = {
    "taken": _("Handed in. The people below were chosen by lot: look each of them up."),
    "looked_up": _("Written down."),
    "stopped": _("Written down. One refused person stops the whole roster."),
    "approved": _("Approved. A second person has to approve it as well."),
    "admitted": _("Approved by two people. Everybody on it is a verified host now."),
    "refused": _("The roster was refused. Nobody was added."),
    "added": _("The issuer was added. Compare the fingerprint with its owner on the telephone."),
    "ended": _("Nothing more is accepted of this issuer."),
}
NO_FILE = _("Choose the file of the roster.")
NO_SIGNATURE = _("Paste the signature that came with the file.")
FAULTS_SHOWN = 50


@pages.get("/administration/verification/rosters")
def rosters() -> Response:
    """Show the rosters, and the form to hand one in."""
    return _list_page()


@pages.post("/administration/verification/rosters")
def take_roster() -> AnyResponse:
    """Take a signed roster in."""
    limit_acts("roster", most=30)
    session = current_session()
    try:
        made = services.take_roster(session, actor=g.actor, **_roster_typed(), now=g.now)
    except (BadRoster, InvalidInput) as refusal:
        session.rollback()
        return _list_page(refusal)
    session.commit()
    return _to_roster(made.id, "taken")


@pages.get("/administration/verification/rosters/template.csv")
def roster_template() -> Response:
    """Hand out an empty roster with one made-up line."""
    return csv_file(rules.template(), "mindcast-roster.csv")


@pages.get("/administration/verification/rosters/<roster_id>")
def roster(roster_id: str) -> Response:
    """Show one roster and the people of its sample, and write down who has looked."""
    page = _roster_page(roster_id)
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)  # the line of the log is a write of its own
    note_roster(session, g.actor, "roster.view", roster_id, g.now)
    session.commit()
    return page


@pages.post("/administration/verification/rosters/<roster_id>/people/<entry_id>")
def look_up(roster_id: str, entry_id: str) -> AnyResponse:
    """Write down what the primary source says of one person of the sample."""
    _check_id(entry_id)
    is_confirmed = request.form.get("outcome") == "confirmed"

    def act() -> str:
        if request.form.get("outcome") not in {"confirmed", "refused"}:
            raise NotFound
        services.look_up(
            current_session(),
            actor=g.actor,
            roster_id=roster_id,
            entry_id=entry_id,
            is_confirmed=is_confirmed,
            source=typed("source"),
            evidence=typed("evidence"),
            now=g.now,
        )
        return "looked_up" if is_confirmed else "stopped"

    return _act(roster_id, act, failed=entry_id)


@pages.post("/administration/verification/rosters/<roster_id>/approve")
def approve(roster_id: str) -> AnyResponse:
    """Approve a roster, as the first or the second person."""

    def act() -> str:
        done = services.approve(
            current_session(),
            actor=g.actor,
            roster_id=roster_id,
            data_key=settings().data_key,
            now=g.now,
        )
        return "admitted" if done.second_by is not None else "approved"

    return _act(roster_id, act)


@pages.post("/administration/verification/rosters/<roster_id>/refuse")
def refuse_roster(roster_id: str) -> AnyResponse:
    """Refuse a whole roster."""

    def act() -> str:
        services.refuse_roster(
            current_session(),
            actor=g.actor,
            roster_id=roster_id,
            reason=typed("reason"),
            now=g.now,
        )
        return "refused"

    return _act(roster_id, act, failed="refuse")


@pages.post("/administration/verification/rosters/<roster_id>/links")
def make_links(roster_id: str) -> AnyResponse:
    """Hand out a new link for everybody who has not joined; it can be read this once."""
    _check_id(roster_id)
    limit_acts("roster_links", most=20)
    session = current_session()
    links = joining.make_links(session, actor=g.actor, roster_id=roster_id, now=g.now)
    session.commit()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(("email", "name", "link"))
    for entry, secret in links:
        name = entry.answers.get("name_en") or entry.answers.get("name_zh") or ""
        rows.writerow((cell(entry.email), cell(name), f"{g.site}/join/{secret}"))
    return csv_file(written.getvalue(), f"mindcast-links-{roster_id}.csv")


@pages.get("/administration/verification/issuers")
def issuers() -> Response:
    """Show whose signed rosters are accepted."""
    return _issuers_page()


@pages.post("/administration/verification/issuers")
def add_issuer() -> AnyResponse:
    """Accept a key; for administrators."""
    limit_acts("issuer", most=30)
    session = current_session()
    try:
        issuing.add_issuer(
            session,
            actor=g.actor,
            name=typed("name"),
            public_key=typed("public_key"),
            now=g.now,
        )
    except InvalidInput as refusal:
        session.rollback()
        return _issuers_page(refusal)
    session.commit()
    return redirect(url_for("verification_pages.issuers", done="added"), SEE_OTHER)


@pages.post("/administration/verification/issuers/<issuer_id>/end")
def end_issuer(issuer_id: str) -> AnyResponse:
    """Accept nothing more of an issuer; for administrators."""
    _check_id(issuer_id)
    session = current_session()
    issuing.end_issuer(session, actor=g.actor, issuer_id=issuer_id, now=g.now)
    session.commit()
    return redirect(url_for("verification_pages.issuers", done="ended"), SEE_OTHER)


def _roster_typed() -> dict[str, Any]:
    """Return what the form says.

    Raises:
        InvalidInput: Issuer, file or signature are missing.
    """
    sent = request.files.get("file")
    data = sent.read(rules.LARGEST + 1) if sent is not None else b""
    issuer_id, signature = typed("issuer", 40), typed("signature")
    faults = [
        FieldError(name, message)
        for name, is_missing, message in (
            ("issuer", not is_id(issuer_id), _("Choose who signed it.")),
            ("file", not data, NO_FILE),
            ("signature", not signature.strip(), NO_SIGNATURE),
        )
        if is_missing
    ]
    if faults:
        raise InvalidInput(*faults)
    return {
        "issuer_id": issuer_id,
        "name": typed("name").replace("\x00", ""),
        "data": data,
        "signature": signature,
        "data_key": settings().data_key,
    }


def _act(roster_id: str, act: Any, *, failed: str = "") -> AnyResponse:  # noqa: ANN401 -- a closure
    _check_id(roster_id)
    limit_acts("verification")
    session = current_session()
    try:
        done = act()
    except (InvalidInput, WrongState) as refusal:
        session.rollback()
        return _roster_page(roster_id, refusal, failed=failed)
    session.commit()
    return _to_roster(roster_id, done)


def _to_roster(roster_id: str, done: str) -> AnyResponse:
    address = url_for("verification_pages.roster", roster_id=roster_id, done=done)
    return redirect(address, SEE_OTHER)


def _check_id(text: str) -> None:
    if not is_id(text):
        raise NotFound


def _list_page(refusal: Refusal | None = None) -> Response:
    session = current_session()
    accepted = [one for one in queries.issuers(session) if one.ended_at is None]
    lines = [one for one in getattr(refusal, "errors", ()) if one.field.startswith("line ")]
    faults = {} if lines else faults_of(refusal) if refusal else {}
    page = render_template(
        "catalog/credentials/verification/rosters.html",
        rosters=queries.rosters(session),
        issuers=accepted,
        columns=rules.COLUMNS,
        refusal=refusal,
        failed="roster" if refusal else "",
        faults=faults,
        lines=lines[:FAULTS_SHOWN],
        more_lines=max(0, len(lines) - FAULTS_SHOWN),
        values=request.form,
    )
    return unkept(page, refusal.status if refusal else 200)


def _roster_page(roster_id: str, refusal: Refusal | None = None, *, failed: str = "") -> Response:
    _check_id(roster_id)
    session = current_session()
    found = queries.rosters(session, roster_id=roster_id)
    if not found:
        raise NotFound
    page = render_template(
        "catalog/credentials/verification/roster.html",
        roster=found[0],
        sample=queries.sample_of(session, roster_id=roster_id),
        left=queries.sample_left(session, roster_id=roster_id),
        refusal=refusal,
        failed=failed,
        faults=faults_of(refusal) if refusal else {},
        values=request.form,
        done=DONE.get(request.args.get("done", "")),
        is_mine=found[0].first_by == g.actor.user_id,
    )
    return unkept(page, refusal.status if refusal else 200)


def _issuers_page(refusal: Refusal | None = None) -> Response:
    page = render_template(
        "catalog/credentials/verification/issuers.html",
        issuers=queries.issuers(current_session()),
        fingerprint=rules.key_fingerprint,
        may_add=g.actor.has(Role.ADMINISTRATOR),
        refusal=refusal,
        failed="issuer" if refusal else "",
        faults=faults_of(refusal) if refusal else {},
        values=request.form,
        done=DONE.get(request.args.get("done", "")),
    )
    return unkept(page, refusal.status if refusal else 200)

"""A host's own page about the licence: how long it stands, consent, topics, interests."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Response, current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from catalog.credentials.access import own_host
from catalog.credentials.enums import ConsentKind
from catalog.credentials.forms.apply import read_teaching
from catalog.credentials.models import Credential
from catalog.credentials.queries.applications import consent_of, last_confirmed, open_credential
from catalog.credentials.rules.agreement import LISTED, NONE, RECORDING, RECORDING_VERSION
from catalog.credentials.rules.application import NOT_LISTED, interests_of
from catalog.credentials.services.consents import give_consent, withdraw_consent
from catalog.credentials.services.teaching import change_teaching
from catalog.credentials.views.apply_pages import KINDS, LANGUAGES, first_of_each
from catalog.credentials.views.blueprint import SEE_OTHER, current_session, pages, unkept
from catalog.models import Host, HostLanguage, HostTopic
from catalog.queries import list_topics
from catalog.rules import is_verified
from core.errors import FieldError, InvalidInput
from core.words import CHINESE, ENGLISH

SOON: Final = timedelta(days=14)
"""The notice before the mark lapses."""


@pages.get("/hosting/licence")
def mine() -> Response:
    """Show the licence of the host who asks."""
    host = own_host(current_session(), actor=g.actor)
    return _licence_page(host, _answers_of(host))


@pages.post("/hosting/licence")
def change() -> AnyResponse:
    """Write topics, languages and conflicts of interest."""
    session = current_session()
    host = own_host(session, actor=g.actor)
    answers = read_teaching(request.form)
    if answers["interests"] == LISTED and not interests_of(answers):
        return _licence_page(host, answers, faults=(FieldError("interests_en", NOT_LISTED),))
    try:
        change_teaching(
            session,
            host=host,
            topics=answers["topics"],
            languages=answers["languages"],
            interests=interests_of(answers),
            now=g.now,
        )
    except InvalidInput as error:
        session.rollback()
        return _licence_page(host, answers, faults=error.errors)
    session.commit()
    return redirect(url_for("licence_pages.mine", saved="teaching"), SEE_OTHER)


@pages.post("/hosting/licence/consent")
def consent() -> AnyResponse:
    """Withdraw the consent to recording, or give it again."""
    session = current_session()
    host = own_host(session, actor=g.actor)
    kind = ConsentKind.RECORDING
    if request.form.get("recording") == str(RECORDING_VERSION):
        give_consent(session, user_id=host.id, kind=kind, version=RECORDING_VERSION, now=g.now)
    elif request.form.get("recording") == "withdraw":
        withdraw_consent(session, user_id=host.id, kind=kind, now=g.now)
    current_app.extensions["mindcast.follow_consent"](session, host_id=host.id, now=g.now)
    session.commit()
    return redirect(f"{url_for('licence_pages.mine')}#consent", SEE_OTHER)


def _licence_page(
    host: Host, answers: dict[str, Any], *, faults: tuple[FieldError, ...] = ()
) -> Response:
    session = current_session()
    licence = open_credential(session, host.id)
    page = render_template(
        "catalog/credentials/licence.html",
        host=host,
        licence=licence,
        kind=next((one for one in KINDS if one[0] == host.credential_kind), KINDS[0]),
        is_valid=is_verified(host.verified_until, g.now),
        last_check=last_confirmed(session, licence.id) if licence else None,
        consent=consent_of(session, host.id, ConsentKind.RECORDING),
        recording=RECORDING[RECORDING_VERSION],
        recording_version=RECORDING_VERSION,
        topics=list_topics(session),
        languages=LANGUAGES,
        answers=answers,
        faults=first_of_each(faults),
        required=frozenset[str](),
        soon=SOON,
        last_day=_last_day(licence),
        saved=request.args.get("saved", ""),
    )
    return unkept(page, InvalidInput.status if faults else 200)


def _answers_of(host: Host) -> dict[str, Any]:
    session = current_session()
    topics = select(HostTopic.topic_slug).where(HostTopic.host_id == host.id)
    languages = select(HostLanguage.language).where(HostLanguage.host_id == host.id)
    return {
        "topics": list(session.scalars(topics)),
        "languages": list(session.scalars(languages)),
        "interests": LISTED if host.interests else NONE,
        "interests_en": host.interests.get(ENGLISH, ""),
        "interests_zh": host.interests.get(CHINESE, ""),
    }


def _last_day(licence: Credential | None) -> datetime | None:
    """Return a moment of the last day that stands on a licence; its end is kept as midnight."""
    if licence is None or licence.valid_until is None:
        return None
    return licence.valid_until - timedelta(days=1)

"""Who could host; requests to take over, and their answers; "I cannot come"."""

from datetime import timedelta
from typing import Any, Final

from catalog.rules import MOST_TOPICS, nearest_times
from core.clock import rfc3339, utc_now
from core.errors import FieldError, InvalidInput, _
from core.words import in_language
from scheduler.matching.queries import who_could_host
from scheduler.matching.rules import LONGEST_WINDOW, Candidate, Why, Wish
from scheduler.substitutes.queries import asked_of
from streams.planning.access import handover as access
from streams.planning.queries.handover import Request, request_of, requests_of
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.livestreams import shown
from web.api.schemas import LivestreamView
from web.api.schemas.matching import (
    MatchingQuery,
    MatchList,
    OfferItem,
    OfferList,
    SearchItem,
    WithdrawWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.language import current_language
from web.security import current_actor

OFF_GRID: Final = _("Use a multiple of 5 minutes, for example %(before)s or %(after)s.")
BACKWARDS: Final = _("The end is not after the start.")
TOO_WIDE: Final = _("Ask for at most 14 days at once.")
NO_TOPIC: Final = _("Choose at least one topic.")
TOO_MANY_TOPICS: Final = _("Choose one to %(most)s topics.")


@api.get("/hosts/matching")
@signed_in
@api.input(MatchingQuery, location="query", arg_name="query")
@api.output(MatchList)
@api.doc(security="bearer")
def match_hosts(query: MatchingQuery) -> dict[str, Any]:
    """List who could host, by fair rotation and with the reason. For editors, administrators."""
    access.check_may_look_after(current_actor())
    matches = who_could_host(db.session, wish=_wish(query), now=utc_now())
    return {"items": [_match(one) for one in matches.candidates], "next_cursor": None}


@api.get("/offers")
@signed_in
@api.output(OfferList)
@api.doc(security="bearer")
def list_offers() -> dict[str, Any]:
    """List what the asker was asked to take over. For hosts."""
    actor = current_actor()
    access.check_may_be_asked(actor)
    found = requests_of(db.session, host_id=actor.user_id or "", now=utc_now())
    return {"items": [_offer(one) for one in found], "next_cursor": None}


@api.post("/offers/<offer_id>/accept")
@signed_in
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def accept_offer(offer_id: str) -> Answer:
    """Take a livestream over; the first host to accept gets it. For the host who was asked."""
    livestream = access.accept(
        db.session,
        actor=current_actor(),
        offer_id=offer_id,
        data_key=presenting.settings().data_key,
        now=utc_now(),
    )
    return shown(livestream.id), 200, {}


@api.post("/offers/<offer_id>/decline")
@signed_in
@api.output(OfferItem)
@api.doc(security="bearer")
@writes
def decline_offer(offer_id: str) -> Answer:
    """Say no; the next hosts are asked as soon as all have. For the host who was asked."""
    actor = current_actor()
    access.decline(db.session, actor=actor, offer_id=offer_id, now=utc_now())
    offer = access.own_offer(db.session, actor=actor, offer_id=offer_id)
    return _offer(request_of(db.session, offer=offer)), 200, {}


@api.post("/livestreams/<livestream_id>/withdraw")
@api.input(WithdrawWrite, arg_name="written")
@api.output(SearchItem)
@api.doc(security="bearer")
@writes
def withdraw_host(livestream_id: str, written: WithdrawWrite) -> Answer:
    """Look for another host: the present one cannot come. For its host and the staff."""
    search = access.withdraw(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        reason=written.reason,
        now=utc_now(),
    )
    body = {
        "id": search.id,
        "livestream": livestream_id,
        "state": search.state,
        "asked": len(asked_of(db.session, search_id=search.id)),
        "next_wave_at": presenting.moment(search.next_wave_at),
    }
    return body, 200, {}


def _wish(query: MatchingQuery) -> Wish:
    first = query.starts_from
    last = query.starts_to or first
    named = (slug.strip() for slug in query.topic.split(","))
    topics = tuple(dict.fromkeys(slug for slug in named if slug))
    faults = [
        FieldError(name, OFF_GRID, dict(zip(("before", "after"), _around(at), strict=True)))
        for name, at in (("from", first), ("to", last))
        if nearest_times(at)[0] != at
    ]
    if not topics:
        faults.append(FieldError("topic", NO_TOPIC))
    if len(topics) > MOST_TOPICS:
        faults.append(FieldError("topic", TOO_MANY_TOPICS, {"most": MOST_TOPICS}))
    if last < first:
        faults.append(FieldError("to", BACKWARDS))
    elif last - first > LONGEST_WINDOW:
        faults.append(FieldError("to", TOO_WIDE))
    if faults:
        raise InvalidInput(*faults)
    length = timedelta(minutes=query.minutes)
    return Wish(topics, query.language, query.scope, length, first, last)


def _around(moment: Any) -> tuple[str, str]:  # noqa: ANN401 -- of a validated query
    before, after = nearest_times(moment)
    return rfc3339(before), rfc3339(after)


def _match(one: Candidate) -> dict[str, Any]:
    return {
        "host": {"id": one.host_id, "name": in_language(one.names, current_language())},
        "starts_at": rfc3339(one.span.starts_at),
        "ends_at": rfc3339(one.span.ends_at),
        "reasons": _reasons(one.why),
    }


def _reasons(why: Why) -> dict[str, Any]:
    return {
        "topics": list(why.topics),
        "language": why.language,
        "timezone": why.timezone,
        "weekday": why.weekday,
        "opens": _clock(why.opens),
        "closes": _clock(why.closes),
        "sessions": why.sessions,
        "last_at": presenting.moment(why.last_at),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _offer(one: Request) -> dict[str, Any]:
    return {
        "id": one.offer.id,
        "livestream": one.livestream.id,
        "title": one.livestream.titles,
        "starts_at": rfc3339(one.livestream.starts_at),
        "ends_at": rfc3339(one.livestream.ends_at),
        "state": one.offer.state,
        "can_be_answered": one.is_open(utc_now()),
        "asked_at": rfc3339(one.offer.asked_at),
        "expires_at": rfc3339(one.offer.expires_at),
        "reasons": _reasons(one.why) if one.why else None,
    }

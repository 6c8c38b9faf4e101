"""Follows of the asker: listed, made, ended."""

from typing import Any

from apiflask.schemas import EmptySchema

from catalog.follows import access
from catalog.follows.queries import Following, followed_by
from catalog.follows.rules import Subject
from core.clock import rfc3339, utc_now
from web.addresses import site_url
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas import ListQuery
from web.api.schemas.follows import FollowItem, FollowList, FollowWrite
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor

UNKEPT = {"Cache-Control": "private, no-store"}


@api.get("/follows")
@signed_in
@api.input(ListQuery, location="query", arg_name="query")
@api.output(FollowList)
@api.doc(security="bearer")
def list_follows(query: ListQuery) -> tuple[dict[str, Any], int, dict[str, str]]:
    """List what the asker follows. Nobody else ever sees it."""
    mine = sorted(_mine(), key=lambda one: one.id)
    left = [one for one in mine if one.id > (query.cursor or "")]
    shown = left[: query.limit]
    more = shown[-1].id if len(left) > len(shown) else None
    return {"items": [_shown(one) for one in shown], "next_cursor": more}, 200, UNKEPT


@api.post("/follows")
@signed_in
@api.input(FollowWrite, arg_name="written")
@api.output(FollowItem, status_code=201)
@api.doc(security="bearer")
@writes
def follow(written: FollowWrite) -> Answer:
    """Follow a topic, a series or a host; followed twice, it is one follow.

    Mails about it come only to those who chose them: that is a choice of the account.
    """
    subject = Subject(written.kind, written.id)
    (made,) = access.follow(db.session, actor=current_actor(), subjects=[subject], now=utc_now())
    return next(_shown(one) for one in _mine() if one.id == made.id), 201, UNKEPT


@api.delete("/follows/<follow_id>")
@signed_in
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def unfollow(follow_id: str) -> tuple[str, int]:
    """Follow it no more."""
    access.unfollow_one(db.session, actor=current_actor(), follow_id=follow_id)
    db.session.commit()
    return "", 204


def _mine() -> list[Following]:
    return list(followed_by(db.session, user_id=access.own_id(current_actor())))


def _shown(one: Following) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.subject.kind,
        "subject": one.subject.id,
        "name": one.names,
        "since": rfc3339(one.since),
        "page_url": f"{site_url()}{one.subject.path}",
    }

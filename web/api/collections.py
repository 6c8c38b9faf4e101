"""Topics, hosts and organisations."""

from typing import Any

from catalog import queries
from web.api import presenting
from web.api.blueprint import api
from web.api.keeping import kept_for_strangers
from web.api.organisations import organisations_of
from web.api.schemas import (
    HostItem,
    HostList,
    ListQuery,
    OrganisationList,
    TopicList,
)
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor


@api.get("/topics")
@kept_for_strangers
@api.output(TopicList)
def list_topics() -> dict[str, Any]:
    """List all topics in their order."""
    items = [presenting.topic(view) for view in queries.list_topics(db.session)]
    return {"items": items, "next_cursor": None}


@api.get("/hosts")
@api.input(ListQuery, location="query", arg_name="query")
@api.output(HostList)
def list_hosts(query: ListQuery) -> dict[str, Any]:
    """List hosts by id."""
    found = queries.list_hosts(
        db.session, cursor=query.cursor, limit=query.limit + 1, actor=current_actor()
    )
    shown = found[: query.limit]
    next_cursor = shown[-1].id if len(found) > query.limit else None
    return {"items": presenting.hosts(shown), "next_cursor": next_cursor}


@api.get("/hosts/<host_id>")
@api.output(HostItem)
def read_host(host_id: str) -> dict[str, Any]:
    """Read one host."""
    view = queries.one_host(db.session, host_id=host_id, actor=current_actor())
    return presenting.hosts([view])[0]


@api.get("/organisations")
@signed_in
@api.input(ListQuery, location="query", arg_name="query")
@api.output(OrganisationList)
@api.doc(security="bearer")
def list_organisations(query: ListQuery) -> dict[str, Any]:
    """List the organisations of the asker; the staff see all."""
    found = organisations_of(
        db.session, actor=current_actor(), after=query.cursor or "", limit=query.limit + 1
    )
    shown = found[: query.limit]
    items = [{"id": it.id, "slug": it.slug, "name": it.names, "kind": it.kind} for it in shown]
    next_cursor = shown[-1].id if len(found) > query.limit else None
    return {"items": items, "next_cursor": next_cursor}

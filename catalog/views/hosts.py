"""Hosts: those whose licence is verified, and the page of one."""

from flask import g, render_template, request

from catalog.enums import LivestreamState as L
from catalog.follows.enums import Followed
from catalog.follows.views.buttons import button_for
from catalog.linked_data import graph, host_data, list_data
from catalog.queries import (
    Filters,
    country_name,
    facts_of_hosts,
    list_hosts,
    list_topics,
    numbers_of,
    one_host,
    programme_of,
)
from catalog.rules import is_id, is_verified
from catalog.views.blueprint import database, pages
from catalog.views.keeping import kept_for_strangers
from catalog.views.paging import shown_page

HOSTS_SHOWN = 24
REPLAYS_SHOWN = 12


@pages.get("/hosts")
@kept_for_strangers
def hosts() -> str:
    """Show the hosts whose licence is verified now."""
    asked = request.args.get("after", "")
    after = asked if is_id(asked) else ""  # a database refuses some texts with a fault
    found = list_hosts(database(), cursor=after, limit=HOSTS_SHOWN + 1, verified_at=g.now)
    shown = found[:HOSTS_SHOWN]
    more = shown[-1].id if len(found) > HOSTS_SHOWN else None
    return render_template("catalog/hosts.html", hosts=shown, more=more, is_first=not after)


@pages.get("/hosts/<host_id>")
@kept_for_strangers
def host(host_id: str) -> str:
    """Show one host and what they teach, as far as the viewer may know of it."""
    session = database()
    found = one_host(session, host_id=host_id, actor=g.actor)
    facts = facts_of_hosts(session, host_ids=[host_id])[host_id]
    by_slug = {topic.slug: topic for topic in list_topics(session)}
    theirs = Filters(host_id=host_id)
    programme = programme_of(session, actor=g.actor, now=g.now, filters=theirs)
    replays = Filters(host_id=host_id, states=(L.PUBLISHED,))
    where = {"site": g.site, "language": g.language}
    told = list_data((*programme.live, *programme.coming), **where)
    return render_template(
        "catalog/host.html",
        host=found,
        facts=facts,
        topics=[by_slug[slug] for slug in facts.topics],
        country=country_name(facts.country, g.language),
        following=button_for(Followed.HOST, host_id),
        is_valid=is_verified(found.verified_until, g.now),
        programme=programme,
        numbers=numbers_of(session, actor=g.actor, now=g.now, filters=theirs),
        shown=shown_page(g.actor, replays, limit=REPLAYS_SHOWN),
        data=graph(host_data(found, **where), *(told["@graph"] if told else ())),
    )

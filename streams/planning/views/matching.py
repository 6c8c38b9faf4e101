"""Who could host this: for a livestream or an open slot, with the reason for each."""

from flask import Response, g, render_template
from sqlalchemy import select

from catalog.access import livestream_to_run, livestream_view_for
from catalog.queries import list_topics
from catalog.rules import is_id
from core.errors import NotFound
from scheduler.matching.queries import who_could_host
from scheduler.matching.rules import Wish
from scheduler.models import Slot, SlotTopic
from scheduler.substitutes.queries import asked_of, open_search_of, wish_of
from streams.planning.access.handover import check_may_look_after
from streams.planning.views.blueprint import pages
from streams.requests import current_session, unkept


@pages.get("/livestreams/<livestream_id>/who")
def who(livestream_id: str) -> Response:
    """Show who could host a livestream at its time; during a search they can be asked."""
    check_may_look_after(g.actor)
    session = current_session()
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    search = open_search_of(session, livestream_id=livestream_id)
    asked = [one.host_id for one in asked_of(session, search_id=search.id)] if search else []
    wish = wish_of(session, livestream, without=[livestream.host_id, *asked])
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    return _page(wish, titles=view.titles, livestream=view, search=search)


@pages.get("/administration/slots/<slot_id>/who")
def who_for_slot(slot_id: str) -> Response:
    """Show who could take an open slot."""
    check_may_look_after(g.actor)
    session = current_session()
    slot = session.get(Slot, slot_id) if is_id(slot_id) else None
    if slot is None:
        raise NotFound
    topics = session.scalars(
        select(SlotTopic.topic_slug)
        .where(SlotTopic.slot_id == slot_id)
        .order_by(SlotTopic.position)
    )
    wish = Wish(
        topics=tuple(topics),
        language=slot.language,
        scope=slot.scope,
        length=slot.ends_at - slot.starts_at,
        first=slot.starts_at,
        last=slot.starts_at,
    )
    return _page(wish, titles=slot.titles, livestream=None, search=None)


def _page(wish: Wish, **shown: object) -> Response:
    session = current_session()
    page = render_template(
        "streams/planning/matching.html",
        matches=who_could_host(session, wish=wish, now=g.now, with_nearly=True),
        wish=wish,
        topic_names={one.slug: one.names for one in list_topics(session)},
        **shown,
    )
    return unkept(page)

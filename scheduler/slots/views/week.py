"""The editors' list of slots, a week at a time, and taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.queries import list_topics
from core.errors import WrongState
from core.words import LANGUAGES, storable
from scheduler.enums import SlotState
from scheduler.slots import access
from scheduler.slots.queries import SlotFilters, SlotView, list_slots
from scheduler.slots.views.blueprint import SEE_OTHER, current_session, pages, unkept

SHOWN: Final = 500
YEARS: Final = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from ``first``, a Monday, in the viewer's zone."""

    first: date

    @property
    def last(self) -> date:
        """The Sunday."""
        return self.first + timedelta(days=6)

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.first - timedelta(days=7)

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.first + timedelta(days=7)


@pages.get("/administration/slots")
def index() -> Response:
    """Show the slots of a week; ``?withdrawn=`` names one whose withdrawal can be undone."""
    return _page()


@pages.post("/administration/slots/<slot_id>/withdraw")
def withdraw(slot_id: str) -> AnyResponse:
    """Take an open slot back."""
    session = current_session()
    try:
        slot = access.withdraw(session, actor=g.actor, slot_id=slot_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _page(refusal)
    session.commit()
    return redirect(address_of(slot.starts_at, withdrawn=slot.id), SEE_OTHER)


@pages.post("/administration/slots/<slot_id>/offer")
def offer_again(slot_id: str) -> AnyResponse:
    """Undo a withdrawal."""
    session = current_session()
    try:
        slot = access.offer_again(session, actor=g.actor, slot_id=slot_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _page(refusal)
    session.commit()
    return redirect(address_of(slot.starts_at, offered=1), SEE_OTHER)


def address_of(starts_at: datetime, **more: object) -> str:
    """Return the address of the week in which something starts."""
    week = _monday(starts_at.astimezone(g.zone).date())
    return url_for("slots_pages.index", week=week.isoformat(), _external=False, **more)  # type: ignore[arg-type]  # plain values


def _page(refusal: WrongState | None = None) -> Response:
    session, week = current_session(), _week_asked_for()
    names = ("topic", "language", "state")
    filters = {name: storable(request.args.get(name, "")) for name in names}
    page = list_slots(
        session,
        filters=SlotFilters(
            states=(filters["state"],) if filters["state"] in list(SlotState) else (),
            topic=filters["topic"],
            language=filters["language"],
            starts_from=_midnight(week.first),
            starts_to=_midnight(week.after),
        ),
        limit=SHOWN,
        now=g.now,
    )
    drawn = render_template(
        "scheduler/slots/index.html",
        days=_by_day(page.items),
        week=week,
        this_week=_monday(g.now.astimezone(g.zone).date()),
        filters=filters,
        topics=list_topics(session),
        languages=LANGUAGES,
        states=list(SlotState),
        undo=_undo(page.items),
        offered=request.args.get("offered", type=int),
        refusal=str(gettext(refusal.message, **refusal.params)) if refusal else None,
    )
    return unkept(drawn, refusal.status if refusal else 200)


def _undo(slots: Sequence[SlotView]) -> SlotView | None:
    asked = request.args.get("withdrawn", "")
    return next((one for one in slots if one.id == asked and one.state == "withdrawn"), None)


def _by_day(slots: Sequence[SlotView]) -> list[tuple[date, list[SlotView]]]:
    grouped = groupby(slots, key=lambda slot: slot.starts_at.astimezone(g.zone).date())
    return [(day, list(members)) for day, members in grouped]


def _week_asked_for() -> Week:
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = g.now.astimezone(g.zone).date()
    return Week(_monday(asked if asked.year in YEARS else g.now.astimezone(g.zone).date()))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=g.zone).astimezone(UTC)

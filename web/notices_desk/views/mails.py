"""Pages of mails that were sent while no mail server is set; for administrators alone."""

from typing import Final

from flask import Blueprint, Response, g, render_template, request

from core.database import mark_reading
from core.errors import NotFound
from web.answers import asked_page
from web.database import db
from web.notices_desk import outbox
from web.notices_desk.access import check_administrator, open_mail
from web.notices_desk.letters import Letter, read_letter
from web.notices_desk.linking import pieces
from web.notices_desk.outbox import Page, Place
from web.notices_desk.views.answers import current_settings, downloaded, framed, unkept
from web.security import current_actor
from web.times import viewer_zone
from web.work_board.notices.queries import counts, midnight

pages = Blueprint("mail_desk", __name__, url_prefix="/administration/mail")

ONE: Final = "/<day>/<hour>/<name>"
DAYS: Final = 14


@pages.get("")
def index() -> Response:
    """Show the newest mails of a day; with a mail server, only how many left."""
    check_administrator(current_actor())
    settings = current_settings()
    if settings.smtp_url:
        return _server()
    days = outbox.days(settings.mail)
    day = request.args.get("day") or next(iter(days), "")
    page = asked_page()
    listed = outbox.page_of(settings.mail, day, page=page) if day else Page((), has_next=False)
    shown = render_template(
        "web/notices_desk/mails.html",
        days=days[:DAYS],
        day=day,
        page=page,
        listed=listed,
        demo=settings.demo,
        address_of=address_of,
    )
    return unkept(shown)


def _server() -> Response:
    """Show how many leave through the mail server: of the mails themselves nothing is kept."""
    found = counts(db.session, today=midnight(g.now, viewer_zone()))
    return unkept(render_template("web/notices_desk/mail_server.html", counts=found))


@pages.get(ONE)
def one(day: str, hour: str, name: str) -> Response:
    """Show one mail, and write down who opened it."""
    place, content = _opened(day, hour, name, "page")
    letter = read_letter(content) if place.is_mail else None
    page = render_template(
        "web/notices_desk/mail.html",
        place=place,
        letter=letter,
        plain="" if letter else content.decode("utf-8", "replace"),
        pieces=lambda text: pieces(text, current_settings().site_address),
        address=address_of(place),
    )
    return unkept(page)


@pages.get(f"{ONE}/html")
def html(day: str, hour: str, name: str) -> Response:
    """Show the HTML of a mail, exactly as it was sent, in a frame."""
    return framed(_letter(day, hour, name, "html").html)


@pages.get(f"{ONE}/attachments/<int:number>")
def attachment(day: str, hour: str, name: str, number: int) -> Response:
    """Hand out what is attached; ``number`` counts from 1."""
    attached = _letter(day, hour, name, "attachment").attachments
    if not 1 <= number <= len(attached):
        raise NotFound
    chosen = attached[number - 1]
    safe = "invite.ics" if chosen.name.endswith(".ics") else f"part-{number}.bin"
    return downloaded(chosen.content, name=safe)


def address_of(place: Place) -> dict[str, str]:
    """Return the parts of the address of a mail."""
    return {"day": place.day, "hour": place.hour, "name": place.name}


def _letter(day: str, hour: str, name: str, part: str) -> Letter:
    place, content = _opened(day, hour, name, part)
    if not place.is_mail:
        raise NotFound
    return read_letter(content)


def _opened(day: str, hour: str, name: str, part: str) -> tuple[Place, bytes]:
    mark_reading(only_reads=False)  # the line of the log is a write of its own
    actor, settings = current_actor(), current_settings()
    check_administrator(actor)
    place = outbox.place_of(day, hour, name)
    if place is None or settings.smtp_url:
        raise NotFound
    content = open_mail(
        db.session, actor=actor, folder=settings.mail, place=place, part=part, now=g.now
    )
    db.session.commit()
    return place, content

"""The page on which people find the address of their calendar, change it, and end it."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.access import holder_of
from accounts.notices.errors import NoSuchLink
from accounts.notices.links import Purpose
from accounts.notices.models import Recipient
from scheduler.calendars import access, services
from scheduler.calendars.access import Shown, feed_address
from scheduler.calendars.views.blueprint import SEE_OTHER, current_session, pages, site, unkept


@pages.get("/account/calendar")
def mine() -> Response:
    """Show the address of one's calendar, and how programs are told of it."""
    session = current_session()
    recipient = access.known_recipient(session, actor=g.actor)
    page = render_template(
        "scheduler/calendars/mine.html",
        calendar=Shown(
            feed_address(session, recipient=recipient, site=site()),
            url_for("calendar_pages.change"),
            shows_titles=recipient is not None and recipient.shows_titles,
        ),
        done=request.args.get("done", ""),
    )
    return unkept(page)


@pages.post("/account/calendar")
def change() -> AnyResponse:
    """Make an address, make another one, or end them all."""
    session = current_session()
    recipient = access.own_recipient(session, actor=g.actor, now=g.now)
    done = act(recipient, request.form.get("act", ""))
    session.commit()
    return redirect(url_for("calendar_pages.mine", done=done), SEE_OTHER)


@pages.post("/notices/mine/<token>/calendar")
def change_by_link(token: str) -> AnyResponse:
    """Do the same for somebody without an account, who came by the link of a mail.

    Raises:
        NoSuchLink: It is broken or ended, or its owner has an account and signs in instead.
    """
    session = current_session()
    key = site().data_key
    person, _link = holder_of(session, token=token, purpose=Purpose.MANAGE, data_key=key)
    if person.user_id is not None:
        raise NoSuchLink
    recipient = session.get_one(Recipient, person.recipient_id)
    act(recipient, request.form.get("act", ""))
    session.commit()
    answer = redirect(f"{request.script_root}/notices/mine/{token}#calendar", SEE_OTHER)
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return answer


def act(recipient: Recipient, wish: str) -> str:
    """Do what a button of the part ``_feed.html`` asks for; return what was done."""
    session = current_session()
    match wish:
        case "renew":
            services.renew(session, recipient=recipient, now=g.now)
        case "off":
            services.revoke(session, recipient=recipient, now=g.now)
        case _:
            services.feed_of(session, recipient=recipient, now=g.now)
            return "made"
    return {"renew": "renewed", "off": "ended"}[wish]

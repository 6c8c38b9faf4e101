"""What somebody follows, what is new of it, and the forms that change it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Response, g, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from accounts.models import User
from accounts.notices.access import own_choices
from accounts.notices.enums import Category, Pace
from accounts.notices.paces import pace_in, paces_of
from accounts.notices.services import choose, recipient_of_user
from accounts.rules import has_mailbox
from catalog.enums import LivestreamState
from catalog.follows import access, services
from catalog.follows.forms import pace_in_form, subjects_in
from catalog.follows.queries import Following, coming_for, followed_by, news_for
from catalog.follows.rules import Subject, is_new_visit
from catalog.follows.views.blueprint import SEE_OTHER, current_session, pages, unkept
from catalog.queries import LivestreamView, list_topics
from core.database import mark_reading

ALL = "all"


@dataclass(frozen=True, slots=True)
class News:
    """What is new, and what comes besides."""

    coming: tuple[LivestreamView, ...]
    replays: tuple[LivestreamView, ...]
    later: tuple[LivestreamView, ...]
    """Ahead, and not new."""


@pages.get("/following")
def following() -> Response:
    """Show what is new; whoever is not signed in learns what works without an account."""
    if g.actor.user_id is None:
        return _answer(render_template("catalog/follows/without_account.html"))
    mine = followed_by(current_session(), user_id=g.actor.user_id)
    answer = _page(mine)
    _note_visit(mine)
    return answer


@pages.post("/following")
def change() -> AnyResponse:
    """Follow what the form names, or follow it no more."""
    access.own_id(g.actor)
    return _unfollow() if request.form.get("act") == "end" else _follow()


@pages.post("/following/mail")
def choose_mail() -> AnyResponse:
    """Keep whether and how often she wants to be told by mail."""
    session, user_id = current_session(), access.own_id(g.actor)
    pace = pace_in_form(request.form.get("pace", ""))
    kept = own_choices(session, actor=g.actor)
    recipient = recipient_of_user(session, user_id=user_id, now=g.now)
    choose(
        session,
        recipient_id=recipient.id,
        choices={Category.FOLLOWS: pace},
        shows_titles=kept.shows_titles,
    )
    session.commit()
    return redirect(url_for("follow_pages.following", done="mail", _anchor="mail"), SEE_OTHER)


def _follow() -> AnyResponse:
    session = current_session()
    subjects = subjects_in(request.form.getlist("what"))
    access.follow(session, actor=g.actor, subjects=subjects, now=g.now)
    session.commit()
    return _back(subjects, "followed")


def _unfollow() -> AnyResponse:
    """Forget one follow or all, and show the way back.

    On the page of everything the answer itself has it: what it was stands in no address and no
    cookie.
    """
    session, user_id = current_session(), access.own_id(g.actor)
    before = [one.subject for one in followed_by(session, user_id=user_id)]
    named = request.form.getlist("what")
    ended = before if named == [ALL] else subjects_in(named)
    for subject in ended:
        services.unfollow(session, user_id=user_id, subject=subject)
    session.commit()
    if "here" not in request.form and named != [ALL]:
        return _back(ended, "unfollowed")
    undo = [one for one in ended if one in before]
    return _page(followed_by(session, user_id=user_id), undo=undo)


def _back(subjects: Sequence[Subject], done: str) -> AnyResponse:
    """Lead to the page that the form stood on; only our own pages can be named."""
    if "here" in request.form or len(subjects) > 1:
        return redirect(url_for("follow_pages.following"), SEE_OTHER)
    return redirect(f"{request.script_root}{subjects[0].path}?done={done}#follow", SEE_OTHER)


def _page(mine: Sequence[Following], *, undo: Sequence[Subject] = ()) -> Response:
    session = current_session()
    kept = own_choices(session, actor=g.actor)
    page = render_template(
        "catalog/follows/following.html",
        mine=mine,
        news=_news() if mine else News((), (), ()),
        topics=() if mine else list_topics(session),
        undo=undo,
        pace=pace_in(kept.choices, Category.FOLLOWS),
        paces=paces_of(Category.FOLLOWS),
        by_mail=pace_in(kept.choices, Category.FOLLOWS) is not Pace.OFF,
        has_mailbox=has_mailbox(session.get_one(User, g.actor.user_id).email),
        done=request.args.get("done", ""),
    )
    return _answer(page)


def _news() -> News:
    session, who = current_session(), {"actor": g.actor, "now": g.now}
    news = news_for(session, **who)
    new = {one.id for one in news}
    replays = tuple(one for one in news if one.state == LivestreamState.PUBLISHED)
    return News(
        coming=tuple(one for one in news if one not in replays),
        replays=replays[::-1],
        later=tuple(one for one in coming_for(session, **who) if one.id not in new),
    )


def _answer(page: str) -> Response:
    response = unkept(make_response(page))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _note_visit(mine: Sequence[Following]) -> None:
    """Note that a visit begins, in a transaction of its own, after the page was drawn.

    The one that read is over by then: on SQLite one that began as a reader cannot write safely.
    When the database is busy the visit goes on, and what is new is so once more.
    """
    if not any(is_new_visit(visited_at=one.visited_at, now=g.now) for one in mine):
        return
    session = current_session()
    session.rollback()
    mark_reading(only_reads=False)
    try:
        with suppress(OperationalError):
            services.note_visit(session, user_id=g.actor.user_id, now=g.now)
            session.commit()
    finally:
        session.rollback()
        mark_reading(only_reads=True)

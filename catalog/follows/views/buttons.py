"""What the button "Follow" on the page of a topic, a series or a host shows."""

from dataclasses import dataclass

from flask import after_this_request, g, request

from catalog.follows.enums import Followed
from catalog.follows.queries import follow_of
from catalog.follows.rules import Subject
from catalog.follows.views.blueprint import current_session, unkept


@dataclass(frozen=True, slots=True)
class Button:
    """The state of the button; strangers all see the same one, as their pages are kept."""

    subject: Subject
    is_stranger: bool = True
    is_on: bool = False
    done: str = ""
    """``followed`` or ``unfollowed``: what was pressed just now."""


def button_for(kind: Followed, subject_id: str) -> Button:
    """Return the button for whoever looks; a page that shows her own goes into no cache."""
    subject = Subject(kind, subject_id)
    if g.actor.user_id is None:
        return Button(subject)
    after_this_request(unkept)
    found = follow_of(current_session(), user_id=g.actor.user_id, subject=subject)
    return Button(
        subject,
        is_stranger=False,
        is_on=found is not None,
        done=request.args.get("done", ""),
    )

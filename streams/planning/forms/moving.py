"""The form that gives a livestream another time."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField

from catalog.models import Livestream
from core.walltime import wall_of
from scheduler.spans import Span


class MovingForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Day, clock, zone and length; ``fold`` says which of two times is meant."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    date = StringField()
    time = StringField()
    timezone = StringField()
    minutes = StringField()
    fold = StringField()


def moving_values(livestream: Livestream) -> dict[str, Any]:
    """Return what the form begins with: the time that it has now."""
    return values_of_span(Span(livestream.starts_at, livestream.ends_at), livestream.timezone)


def values_of_span(span: Span, timezone: str) -> dict[str, Any]:
    """Return a span as the form says it."""
    wall, fold = wall_of(span.starts_at, timezone)
    return {
        "date": f"{wall:%Y-%m-%d}",
        "time": f"{wall:%H:%M}",
        "timezone": timezone,
        "minutes": str(span.length // timedelta(minutes=1)),
        "fold": str(fold) if fold else "",
    }

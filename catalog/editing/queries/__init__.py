"""Reads of the editors' pages."""

from catalog.editing.queries.contents import content_of, livestream_titles, subject_row
from catalog.editing.queries.desks import Desk, Entry, desk_of, history_of, revision_of
from catalog.editing.queries.lists import (
    Item,
    Waiting,
    counts,
    drafts_waiting,
    find_livestreams,
    hosts_listed,
    reviews_due,
    series_listed,
    subjects_with_draft,
    topics_listed,
)

__all__ = [
    "Desk",
    "Entry",
    "Item",
    "Waiting",
    "content_of",
    "counts",
    "desk_of",
    "drafts_waiting",
    "find_livestreams",
    "history_of",
    "hosts_listed",
    "livestream_titles",
    "reviews_due",
    "revision_of",
    "series_listed",
    "subject_row",
    "subjects_with_draft",
    "topics_listed",
]

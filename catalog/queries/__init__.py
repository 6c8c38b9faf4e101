"""Reads of the catalogue: core rows made into small frozen views, a fixed number of queries each.

Lists for pages and the API never load entities: a page of 24 cards costs half of what it would.
"""

from catalog.queries.drafts import draft_of, known_to_draft
from catalog.queries.lists import (
    NO_FILTERS,
    Filters,
    Page,
    list_hosts,
    list_livestreams,
    livestream_view,
    one_host,
)
from catalog.queries.programme import Programme, home_programme, list_topics, topic_page
from catalog.queries.views import HostView, LivestreamView, TopicView
from catalog.queries.visibility import known_to

__all__ = [
    "NO_FILTERS",
    "Filters",
    "HostView",
    "LivestreamView",
    "Page",
    "Programme",
    "TopicView",
    "draft_of",
    "home_programme",
    "known_to",
    "known_to_draft",
    "list_hosts",
    "list_livestreams",
    "list_topics",
    "livestream_view",
    "one_host",
    "topic_page",
]

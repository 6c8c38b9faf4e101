"""Reads of the catalogue: core rows made into small frozen views, a fixed number of queries each.

Lists for pages and the API never load entities: a page of 24 cards costs half of what it would.
"""

from catalog.queries.beginners import for_beginners
from catalog.queries.drafts import draft_of, known_to_draft
from catalog.queries.filters import NO_FILTERS, Filters, conditions_of
from catalog.queries.finds import Find, public_finds
from catalog.queries.hosts import HostFacts, country_name, facts_of_hosts
from catalog.queries.lists import (
    Page,
    cursor_of,
    list_hosts,
    list_livestreams,
    livestream_view,
    one_host,
)
from catalog.queries.numbers import Numbers, audiences_with_talks, numbers_of
from catalog.queries.programme import (
    Programme,
    home_programme,
    private_programme,
    programme_of,
    topic_page,
)
from catalog.queries.series import SeriesView, list_series, one_series, parts_of
from catalog.queries.topics import TopicDetail, topic_detail
from catalog.queries.versions import Version, catalogue_version
from catalog.queries.views import HostView, LivestreamView, SeriesPlace, TopicView
from catalog.queries.views import all_topics as list_topics
from catalog.queries.visibility import known_to, known_to_all

__all__ = [
    "NO_FILTERS",
    "Filters",
    "Find",
    "HostFacts",
    "HostView",
    "LivestreamView",
    "Numbers",
    "Page",
    "Programme",
    "SeriesPlace",
    "SeriesView",
    "TopicDetail",
    "TopicView",
    "Version",
    "audiences_with_talks",
    "catalogue_version",
    "conditions_of",
    "country_name",
    "cursor_of",
    "draft_of",
    "facts_of_hosts",
    "for_beginners",
    "home_programme",
    "known_to",
    "known_to_all",
    "known_to_draft",
    "list_hosts",
    "list_livestreams",
    "list_series",
    "list_topics",
    "livestream_view",
    "numbers_of",
    "one_host",
    "one_series",
    "parts_of",
    "private_programme",
    "programme_of",
    "public_finds",
    "topic_detail",
    "topic_page",
]

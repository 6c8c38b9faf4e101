"""A topic as RSS 2.0 with the tags of podcasts. Pure.

The tags are those that podcast programs agree on: https://podcasters.apple.com/support/823 and, for
captions, the podcast namespace.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from catalog.feeds.queries import Episode, TopicNames
from core.words import CHINESE, in_language
from media.paths import url_of_key

ATOM: Final = "http://www.w3.org/2005/Atom"
ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST: Final = "https://podcastindex.org/namespace/1.0"
LANGUAGE_CODES: Final = {CHINESE: "zh-cn"}
"""RSS has its own list of languages; the others are called the same."""
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _namespace in (("atom", ATOM), ("itunes", ITUNES), ("podcast", PODCAST)):
    register_namespace(_prefix, _namespace)


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed in the language of its address; addresses are whole, but for those of media."""

    title: str
    description: str
    language: str
    page: str
    address: str
    """Of the feed itself."""
    pages: str
    """The address of livestreams, without an id."""
    site: str
    host: str
    """The host name of the site, which makes identifiers unique in the world."""


def podcast(topic: TopicNames, episodes: Sequence[Episode], channel: Channel) -> bytes:
    """Return the feed of a topic; without episodes it is valid too."""
    rss = Element("rss", version="2.0")
    top = SubElement(rss, "channel")
    _write(top, "title", channel.title)
    _write(top, "link", channel.page)
    SubElement(top, f"{{{ATOM}}}link", href=channel.address, rel="self", type="application/rss+xml")
    about = in_language(topic.descriptions, channel.language)
    _write(top, "description", about or channel.description)
    _write(top, "language", LANGUAGE_CODES.get(channel.language, channel.language))
    if episodes:
        newest = max(episode.updated_at for episode in episodes)
        _write(top, "lastBuildDate", format_datetime(newest))
    _write(top, "ttl", "60")
    _write(top, f"{{{ITUNES}}}author", "Mindcast")
    _write(top, f"{{{ITUNES}}}explicit", "false")
    _write(top, f"{{{ITUNES}}}type", "episodic")
    category = SubElement(top, f"{{{ITUNES}}}category", text="Health & Fitness")
    SubElement(category, f"{{{ITUNES}}}category", text="Mental Health")
    _picture(top, next((one.poster_key for one in episodes if one.poster_key), None), channel)
    for episode in episodes:
        _item(SubElement(top, "item"), episode, channel)
    written: bytes = tostring(rss, encoding="utf-8", xml_declaration=True)
    return written


def _item(item: Element, episode: Episode, channel: Channel) -> None:
    _write(item, "title", in_language(episode.titles, channel.language))
    _write(item, "link", f"{channel.pages}{episode.id}")
    guid = SubElement(item, "guid", isPermaLink="false")
    guid.text = f"{episode.id}@{channel.host}"
    _write(item, "pubDate", format_datetime(episode.published_at))
    _write(item, "description", in_language(episode.descriptions, channel.language))
    if episode.sound is not None:
        address = channel.site + url_of_key(episode.sound.object_key)
        size, kind = str(episode.sound.size), episode.sound.content_type
        SubElement(item, "enclosure", url=address, length=size, type=kind)
    _write(item, f"{{{ITUNES}}}author", in_language(episode.host, channel.language))
    _write(item, f"{{{ITUNES}}}duration", str(episode.seconds))
    _write(item, f"{{{ITUNES}}}explicit", "false")
    _picture(item, episode.poster_key, channel)
    for language, key in episode.captions:
        address = channel.site + url_of_key(key)
        attributes = {"url": address, "type": "text/vtt", "language": language, "rel": "captions"}
        SubElement(item, f"{{{PODCAST}}}transcript", attributes)


def _picture(parent: Element, key: str | None, channel: Channel) -> None:
    if key is not None:
        SubElement(parent, f"{{{ITUNES}}}image", href=channel.site + url_of_key(key))


def _write(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _NOT_IN_XML.sub("", text)

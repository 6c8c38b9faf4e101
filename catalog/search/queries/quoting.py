"""What the results say of themselves: titles, descriptions and lines of transcripts with marks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.queries import LivestreamView
from catalog.search.queries.sources import is_open
from catalog.search.rules.asking import Asked
from catalog.search.rules.marking import Pieces, Said, marked, marks_of, said, snippet
from core.words import in_language
from media.enums import TrackKind
from media.models import TextTrack

Tracks = dict[tuple[str, str], Any]
"""Cues by kind and language."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A livestream that was found, and where."""

    livestream: LivestreamView
    title: Pieces
    text: Pieces = ()
    """Of its description; nothing where the words are not in it."""
    lines: tuple[Said, ...] = ()
    """What is said in it, while its replay may be watched; else titles of its chapters."""
    lines_language: str = ""
    is_said: bool = True
    host: Pieces = ()


def hits_of(
    session: Session, views: Sequence[LivestreamView], *, asked: Asked, language: str
) -> tuple[Hit, ...]:
    """Return what is shown of livestreams; one query for all transcripts.

    What is said is read from the captions as they are now: a line that was cut off, or of a replay
    that was withdrawn, is never shown, whatever the index still has of it. A livestream that no
    longer says or is said to be about what is asked for is left out.
    """
    tracks = _tracks(session, views)
    hits = (_hit(view, tracks[view.broadcast_id], asked, language) for view in views)
    return tuple(hit for hit in hits if hit is not None)


def _hit(view: LivestreamView, tracks: Tracks, asked: Asked, language: str) -> Hit | None:
    kind, tag, lines = _said(view, tracks, asked, language)
    if not lines and not _is_about(view, asked):
        return None
    return Hit(
        view,
        title=marked(asked, in_language(view.titles, language)),
        text=snippet(asked, in_language(view.descriptions, language)),
        lines=lines,
        lines_language=tag,
        is_said=kind == TrackKind.CAPTIONS,
        host=marked(asked, in_language(view.host.names, language)),
    )


def _said(
    view: LivestreamView, tracks: Tracks, asked: Asked, language: str
) -> tuple[str, str, tuple[Said, ...]]:
    """Return lines of captions, else of chapters, with their kind and language.

    In the first language that has any: the reader's, then the spoken one.
    """

    def turn(track: tuple[str, str]) -> tuple[bool, bool, bool, str]:
        kind, tag = track
        return kind != TrackKind.CAPTIONS, tag != language, tag != view.language, tag

    for kind, tag in sorted(tracks, key=turn):
        if found := said(asked, tracks[kind, tag]):
            return kind, tag, found
    return "", "", ()


def _is_about(view: LivestreamView, asked: Asked) -> bool:
    """Tell whether anything that is written about it, in any language, is asked for."""
    words = (view.titles, view.descriptions, view.host.names, view.host.institutions)
    names = (*words, *(topic.names for topic in view.topics))
    texts = (text for entry in names for text in entry.values())
    return bool(marks_of(asked, "\n".join(texts)))


def _tracks(session: Session, views: Sequence[LivestreamView]) -> defaultdict[str, Tracks]:
    found: defaultdict[str, Tracks] = defaultdict(dict)
    shown = [view.broadcast_id for view in views if is_open(view)]
    if shown:
        query = select(
            TextTrack.broadcast_id, TextTrack.kind, TextTrack.language, TextTrack.cues
        ).where(TextTrack.broadcast_id.in_(shown))
        for broadcast_id, kind, tag, cues in session.execute(query):
            found[broadcast_id][kind, tag] = cues
    return found

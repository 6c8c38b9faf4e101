"""Captions as files: SubRip here; WebVTT is an object of the replay, and its text a transcript."""

from collections.abc import Iterable
from typing import Final

from flask import Response, abort, g

from catalog.access import livestream_for
from catalog.enums import LivestreamState
from media.captions.writing import subrip
from media.webvtt import webvtt
from streams.captions import access, queries
from streams.captions.views.blueprint import pages
from streams.playback.access import playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.requests import current_session

TYPES: Final = {"srt": "application/x-subrip", "vtt": "text/vtt", "txt": "text/plain"}
OVER: Final = (LivestreamState.ENDED, LivestreamState.PUBLISHED)


@pages.get("/livestreams/<livestream_id>/captions-<language>.<any(srt, vtt, txt):ending>")
def file(livestream_id: str, language: str, ending: str) -> Response:
    """Give the captions of a replay to whoever may play it."""
    session = current_session()
    livestream = livestream_for(session, livestream_id=livestream_id, actor=g.actor)
    facts = facts_of_livestream(session, livestream_id)
    may_play = facts is not None and playback_url_for(facts, actor=g.actor, now=g.now) is not None
    if livestream.state not in OVER or not may_play or not access.has_replay(session, livestream):
        abort(404)
    track = queries.track_for(session, livestream, language)
    if track is None:
        abort(404)
    cues = [line.cue for line in track.lines]
    written = {"srt": subrip, "vtt": webvtt, "txt": _plain}[ending]
    text, mimetype = written(cues), TYPES[ending]
    answer = Response(text, mimetype=mimetype)
    name = f"captions-{language}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _plain(cues: Iterable[tuple[int, int, str]]) -> str:
    return "".join(f"{text}\n" for _start, _end, text in cues)

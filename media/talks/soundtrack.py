"""Putting a talk on a time line: speech and rests as samples, slides, chapters and captions.

Everything follows from counted samples, so captions are exact. Slides begin on whole steps of
200 ms: three frames of the picture, and whole milliseconds.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from core.words import Words
from media.talks.scripts import Chapter, Script, Slide
from media.talks.sentences import lines_of, pieces_of, sentences_of
from media.talks.voices import Speech, Voice
from media.webvtt import Cue

STEP_MS: Final = 200
BEFORE_CHAPTER_MS: Final = 900  # from a chapter's first picture to its first word
BEFORE_SLIDE_MS: Final = 400
BETWEEN_SENTENCES_MS: Final = 380
AFTER_SLIDE_MS: Final = 450
AT_THE_END_MS: Final = 1_600
SECOND: Final = 1_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A slide on the time line; how much of its chapter is over at its start and end (0 to 1).

    ``sentences`` are the moments at which its sentences begin.
    """

    slide: Slide
    chapter: int
    start_ms: int
    end_ms: int
    sentences: tuple[int, ...] = ()
    done_before: float = 0.0
    done_after: float = 1.0


@dataclass(slots=True)
class Soundtrack:
    """Speech in the making: 16-bit mono PCM, and what is when."""

    rate: int
    pcm: bytearray = field(default_factory=bytearray)
    cues: list[Cue] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    chapters: list[tuple[int, int, Words]] = field(default_factory=list)

    @property
    def now_ms(self) -> int:
        """How long it is so far, in milliseconds."""
        return self.after_ms(0)

    def after_ms(self, samples: int) -> int:
        """Return when so many more samples are over, in milliseconds."""
        return round((len(self.pcm) // 2 + samples) * SECOND / self.rate)

    def rest(self, milliseconds: int) -> None:
        """Add silence."""
        self.pcm.extend(bytes(2 * round(milliseconds * self.rate / SECOND)))

    def rest_until_step(self, step_ms: int) -> None:
        """Add silence up to the next whole step."""
        wanted = -(-self.now_ms // step_ms) * step_ms
        self.pcm.extend(bytes(max(2 * (wanted * self.rate // SECOND) - len(self.pcm), 0)))


def speak_script(script: Script, voice: Voice) -> Soundtrack:
    """Speak a whole script.

    Raises:
        SpeechFailed: The voice refused a sentence.
    """
    track = Soundtrack(rate=voice.speak(script.title[script.language]).rate)
    last = len(script.chapters) - 1
    for number, chapter in enumerate(script.chapters):
        _speak_chapter(track, chapter, number, script.language, voice)
        if number == last:
            track.rest(AT_THE_END_MS)
            track.rest_until_step(SECOND)
        _close_chapter(track, chapter, number)
    track.cues = _joined(track.cues)
    return track


def _speak_chapter(
    track: Soundtrack, chapter: Chapter, number: int, language: str, voice: Voice
) -> None:
    for place, slide in enumerate(chapter.slides):
        start = track.now_ms
        track.rest(BEFORE_SLIDE_MS if place else BEFORE_CHAPTER_MS)
        sentences = _speak_slide(track, slide, language, voice)
        track.rest(AFTER_SLIDE_MS - BETWEEN_SENTENCES_MS)
        track.rest_until_step(STEP_MS)
        track.shown.append(Shown(slide, number, start, track.now_ms, sentences))


def _speak_slide(track: Soundtrack, slide: Slide, language: str, voice: Voice) -> tuple[int, ...]:
    """Speak a slide; return when its sentences begin."""
    starts = []
    for sentence in sentences_of(slide.say):
        starts.append(track.now_ms)
        _add_sentence(track, sentence, language, voice.speak(sentence))
        track.rest(BETWEEN_SENTENCES_MS)
    return tuple(starts)


def _add_sentence(track: Soundtrack, sentence: str, language: str, speech: Speech) -> None:
    pieces = pieces_of(sentence, language)
    starts = [speech.sample_of(index) if index else 0 for index, _ in pieces]
    for start, end, (_, text) in zip(starts, [*starts[1:], speech.samples], pieces, strict=True):
        lines = "\n".join(lines_of(text, language))
        track.cues.append(Cue(track.after_ms(start), track.after_ms(end), lines))
    track.pcm.extend(speech.pcm)


def _close_chapter(track: Soundtrack, chapter: Chapter, number: int) -> None:
    """Note the chapter, and how far along in it each of its slides is."""
    own = [shown for shown in track.shown if shown.chapter == number]
    start, end = own[0].start_ms, track.now_ms
    track.chapters.append((start, end, chapter.title))
    ends = [*[shown.start_ms for shown in own[1:]], end]
    track.shown[-len(own) :] = [
        replace(
            shown,
            end_ms=until,
            done_before=(shown.start_ms - start) / (end - start),
            done_after=(until - start) / (end - start),
        )
        for shown, until in zip(own, ends, strict=True)
    ]


def _joined(cues: list[Cue]) -> list[Cue]:
    """Let each caption stay until the next: without gaps nothing flickers."""
    ends = [*[cue.start_ms for cue in cues[1:]], cues[-1].end_ms]
    return [Cue(cue.start_ms, end, cue.text) for cue, end in zip(cues, ends, strict=True)]

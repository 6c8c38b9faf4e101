"""What the form of an answer says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import FieldError, InvalidInput, Refusal
from core.words import CHINESE, ENGLISH
from streams.answers.queries import AnswerView, Open
from streams.answers.rules import Written
from streams.recordings.rules import clock_of
from streams.trimming.rules import NOT_A_TIME, seconds_of


@dataclass(slots=True)
class AnswerForm:
    """An answer as somebody typed it, and what is wrong with it."""

    typed: Mapping[str, str]
    faults: dict[str, FieldError] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def question_id(self) -> str | None:
        """The question that it answers, if it came in writing."""
        return self.typed.get("question_id") or None

    @property
    def version(self) -> int:
        """The version that was read; 0 where the form says none."""
        text = self.typed.get("version", "")
        return int(text) if text.isdecimal() else 0

    def written(self) -> Written | None:
        """Return what was typed; None when a time makes no sense, which ``faults`` then says."""
        start, end = self._place("start"), self._place("end")
        if start is None or end is None:
            return None
        return Written(
            titles=self._words("title"),
            texts=self._words("text"),
            start_ms=round(start * 1000),
            end_ms=round(end * 1000),
        )

    def take(self, refusal: Refusal) -> None:
        """Keep why it was refused, beside its fields where there are any."""
        if isinstance(refusal, InvalidInput):
            self.faults |= {one.field: one for one in refusal.errors}
        else:
            self.refusal = refusal

    def _place(self, name: str) -> float | None:
        try:
            found = seconds_of(self.typed.get(name, ""))
        except ValueError:
            found = None
        if found is None:
            self.faults[name] = FieldError(name, NOT_A_TIME)
        return found

    def _words(self, name: str) -> dict[str, str]:
        given = {ENGLISH: self.typed.get(f"{name}_en"), CHINESE: self.typed.get(f"{name}_zh")}
        return {tag: text for tag, text in given.items() if text}


def form_of(answer: AnswerView) -> AnswerForm:
    """Return the form with an answer as it is."""
    return AnswerForm(
        {
            "title_en": answer.titles.get(ENGLISH, ""),
            "title_zh": answer.titles.get(CHINESE, ""),
            "text_en": answer.texts.get(ENGLISH, ""),
            "text_zh": answer.texts.get(CHINESE, ""),
            "start": clock_of(answer.clip.second),
            "end": clock_of(answer.clip.last_second),
            "version": str(answer.version),
        }
    )


def form_for(question: Open, *, language: str, said: str) -> AnswerForm:
    """Return the form for a question: its words, where it was answered, what was said there."""
    tag = "zh" if language == CHINESE else "en"
    places = {}
    if question.clip is not None:
        places = {
            "start": clock_of(question.clip.second),
            "end": clock_of(question.clip.last_second),
        }
    return AnswerForm(
        {
            "question_id": question.id,
            f"title_{tag}": question.text,
            f"text_{tag}": said,
            **places,
        }
    )

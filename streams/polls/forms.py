"""What the crew writes in the form of a poll."""

from collections.abc import Mapping

from streams.polls.rules import MOST, PollDraft


def draft_of(form: Mapping[str, str], language: str) -> PollDraft:
    """Return the poll of a form: a question, and a field for each answer; empty ones are left out.

    Args:
        form: As it came.
        language: In which it was written, that of the talk.
    """
    choices = [form.get(f"choice{number}", "").strip() for number in range(MOST)]
    return PollDraft(
        {language: form.get("question", "")},
        [{language: one} for one in choices if one],
    )

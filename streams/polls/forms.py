"""What the crew writes in the form of a poll."""

from collections.abc import Mapping

from streams.polls.enums import PollState
from streams.polls.queries import ShownPoll
from streams.polls.rules import MOST, PollDraft


def is_changed_here(poll: ShownPoll, language: str) -> bool:
    """Tell whether the form can change a poll: nobody has seen it, and it loses no other language.

    What was written in two languages by a program is changed by one.
    """
    texts = (poll.texts, *poll.choices)
    return poll.state == PollState.DRAFT and all(set(one) <= {language} for one in texts)


def values_of(poll: ShownPoll, language: str) -> dict[str, str]:
    """Return what stands in the form of a poll that is to be changed, by the names of fields."""
    choices = {f"choice{place}": one.get(language, "") for place, one in enumerate(poll.choices)}
    return {"question": poll.texts.get(language, ""), **choices}


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

"""The fields that several models share: texts, times, words in several languages."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from core.words import LANGUAGES

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200
IN_ANY_LANGUAGE: Final = ""
"""Under this tag stands a plain text whose language is that of the livestream."""

_WORDS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {tag: {"type": "string"} for tag in LANGUAGES},
    "additionalProperties": False,
}


def _storable(text: str) -> str:
    problem = "has characters that cannot be stored"
    if "\x00" in text:
        raise ValueError(problem)
    return text


def _as_words(value: object) -> object:
    return {IN_ANY_LANGUAGE: value} if isinstance(value, str) else value


def _written(value: object) -> object:
    problem = "write the time as in 2026-11-22T20:00:00Z"
    if not isinstance(value, str | datetime):
        raise ValueError(problem)  # noqa: TRY004 -- pydantic reports no other error
    return value


def _in_our_time(moment: datetime) -> datetime:
    problem = "this time is too far away"
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(problem)
    return moment


Text = Annotated[str, AfterValidator(_storable)]
Words = Annotated[
    dict[Text, Text],
    BeforeValidator(_as_words),
    WithJsonSchema({"anyOf": [_WORDS_SCHEMA, {"type": "string"}]}),
]
ShownWords = Annotated[dict[str, str], WithJsonSchema(_WORDS_SCHEMA)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_our_time)]
ShownMoment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Slugs = Annotated[list[Text], Field(max_length=20)]


class Strict(BaseModel):
    """Input: a field that is not known is refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")

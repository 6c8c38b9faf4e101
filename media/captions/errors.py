"""What can be wrong with captions, as whoever brings them reads it."""

from dataclasses import dataclass

from core.errors import FieldError, InvalidInput, WrongState, _


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one line of a file: what is the matter, and what was or is to be done."""

    line: int
    """Of the file, from 1."""
    message: str


class CaptionsInvalid(InvalidInput):
    """A file is no captions, or some lines of it cannot be understood; none was taken."""

    code = "captions_invalid"

    def __init__(self, *errors: FieldError, remarks: tuple[Remark, ...] = ()) -> None:
        self.remarks = remarks
        super().__init__(*errors)


class LineChanged(WrongState):
    """The line is not as the asker saw it: somebody else has changed it meanwhile."""

    code = "line_changed"
    message = _("Somebody else has changed this line meanwhile. Nothing of yours is lost.")


class EngineMissing(WrongState):
    """No speech engine is installed where this was asked for."""

    code = "no_speech_engine"
    message = _("No speech engine is installed here. An administrator can add it.")

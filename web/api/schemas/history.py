"""How far somebody came in a replay."""

from pydantic import BaseModel, Field

DAY_SECONDS = 86_400


class PositionWrite(BaseModel):
    """Where somebody is, and how long the replay is; both in seconds."""

    seconds: int = Field(ge=0, le=DAY_SECONDS)
    duration: int = Field(default=0, ge=0, le=DAY_SECONDS)


class PositionView(BaseModel):
    """The second at which the asker goes on; 0 when there is nothing to go on with."""

    seconds: int

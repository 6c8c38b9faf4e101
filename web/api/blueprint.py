"""The blueprint of the API; its routes stand in the modules imported at the end."""

from importlib import import_module
from typing import cast

from apiflask import APIBlueprint, APIFlask
from flask.blueprints import BlueprintSetupState

from web.api.describing import REFERENCE, describe

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Mindcast")


@api.record_once
def set_up_description(state: BlueprintSetupState) -> None:
    """Let the description of the API name our problems and the bearer token."""
    app = cast("APIFlask", state.app)
    app.config.update(
        HTTP_ERROR_SCHEMA=REFERENCE,
        VALIDATION_ERROR_SCHEMA=REFERENCE,
        SECURITY_SCHEMES={"bearer": {"type": "http", "scheme": "bearer"}},
    )
    app.spec_processor(describe)


_ROOMS = (
    *("livestreams", "acts", "audience", "collections", "work", "uploads"),
    *("hours",),
    *("duties", "slots"),
    *("series",),
    *("matching",),
    *("registrations", "follows"),
    *("readiness",),
    *("trimming", "captions"),
    *("removals", "premieres"),
    *("slides", "handouts", "uplink"),
    *("polls",),
    *("history",),
    *("questions",),
    *("answers",),
)
for _room in _ROOMS:
    import_module(f"web.api.{_room}")

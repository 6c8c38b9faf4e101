"""The blueprint of the API; its routes stand in the modules imported at the end."""

from importlib import import_module

from apiflask import APIBlueprint
from flask.blueprints import BlueprintSetupState

from web.api.schemas import Problem

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Mindcast")


@api.record_once
def describe_problems(state: BlueprintSetupState) -> None:
    """Let the description name our problems and the bearer token."""
    state.app.config.update(
        HTTP_ERROR_SCHEMA=Problem,
        VALIDATION_ERROR_SCHEMA=Problem,
        VALIDATION_ERROR_STATUS_CODE=422,
        SECURITY_SCHEMES={"bearer": {"type": "http", "scheme": "bearer"}},
    )


for _room in ("livestreams", "acts", "audience", "collections"):
    import_module(f"web.api.{_room}")

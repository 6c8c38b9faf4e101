"""What APIFlask does not say by itself in the description of the API: problems are RFC 9457."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from web.api.schemas import FieldProblem, Problem

REFERENCE: Final = {"$ref": "#/components/schemas/Problem"}
PROBLEM: Final = "application/problem+json"
REFUSALS: Final = {
    "400": "The body is no JSON.",
    "401": "Nobody is signed in, or the token is not valid.",
    "403": "The asker may not do this.",
    "404": "There is nothing here, or the asker may not know of it.",
    "409": "The state does not permit it; the detail says why.",
    "422": "Some fields need attention; each is named in errors.",
}
READS: Final = ("401", "404", "422")


def describe(spec: Any) -> Any:  # noqa: ANN401 -- APIFlask passes a document or its text
    """Add the problem schema, and to every operation the refusals it can answer with."""
    pairs = [(model, "serialization") for model in (Problem, FieldProblem)]
    _, problems = models_json_schema(pairs, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]  # a Literal
    spec.setdefault("components", {}).setdefault("schemas", {}).update(problems["$defs"])
    for methods in spec.get("paths", {}).values():
        for method, operation in methods.items():
            if "responses" in operation:
                _describe_refusals(operation["responses"], is_read=method == "get")
    return spec


def _describe_refusals(responses: dict[str, Any], *, is_read: bool) -> None:
    for status, description in REFUSALS.items():
        if not is_read or status in READS:
            content = {PROBLEM: {"schema": dict(REFERENCE)}}
            responses[status] = {"description": description, "content": content}

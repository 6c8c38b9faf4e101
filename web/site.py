"""The application class: what APIFlask does not know about this site."""

from typing import Any

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider
from flask.sansio.blueprints import Blueprint

from web.language import PREFIX, has_no_language


class Json(DefaultJSONProvider):
    """JSON as a person can read it: Chinese as it is, fields in the order of their schema."""

    ensure_ascii = False
    sort_keys = False


class Site(APIFlask):
    """An application whose addresses carry a language only where pages have one."""

    json_provider_class = Json

    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:  # noqa: ANN401 -- as in Flask
        """Register a blueprint; one of pages has no part in the description of the API."""
        if not hasattr(blueprint, "enable_openapi"):
            vars(blueprint)["enable_openapi"] = False  # else apiflask fails to describe the others
        super().register_blueprint(blueprint, **options)

    def url_for(self, /, endpoint: str, **values: Any) -> str:  # noqa: ANN401 -- as in Flask
        """Return the address of ``endpoint``; the language prefix is left off the API and media."""
        address: str = super().url_for(endpoint, **values)
        bare = address.removeprefix(PREFIX)
        return bare if has_no_language(bare) else address

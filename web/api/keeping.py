"""Lists that every stranger gets alike are kept while the catalogue stays the same."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Response, current_app, make_response, request

from accounts.rules import STRANGER
from catalog.queries import catalogue_version
from web.addresses import site_url
from web.database import db
from web.language import current_language
from web.security import current_actor

if TYPE_CHECKING:
    from core.shelf import Shelf

P = ParamSpec("P")


def kept_for_strangers(view: Callable[P, Any]) -> Callable[P, Any]:
    """Keep the answers of ``view`` for whoever is not signed in, one per query and language."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 -- whatever views return
        if current_actor() != STRANGER:
            return view(*args, **kwargs)
        shelf: Shelf = current_app.extensions["mindcast.shelf"]
        key = ("api", request.path, request.query_string, current_language(), site_url())
        version = catalogue_version(db.session)
        body, tag = shelf.fetch(key, version, lambda: _made(view(*args, **kwargs)))
        response = Response(body, mimetype="application/json")
        response.vary.update(("Accept-Language", "Authorization", "Cookie"))
        response.set_etag(tag, weak=True)
        return response.make_conditional(request)

    return answer


def _made(answered: Any) -> tuple[bytes, str]:  # noqa: ANN401 -- as above
    body = make_response(answered).get_data()
    return body, blake2b(body, digest_size=10).hexdigest()

"""A browser in which somebody is signed in, and the forms of the hosting pages."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.models import User
from tests.fakes.programme import World
from web.site import Site


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def acts(self) -> set[str]:
        """Return the last part of the address of every button of the desk."""
        found = [str(one["formaction"]) for one in self.all("button") if "formaction" in one]
        return {address.rpartition("/")[2] for address in found}

    def values(self) -> dict[str, Any]:
        """Return what a browser would send of the form of a livestream, as far as it is text."""
        return {
            str(one["name"]): one.get("value") or ""
            for one in self.all("input")
            if one.get("type") not in {"radio", "checkbox"} and "name" in one
        }


def browser_of(app: Site, world: World, name: str) -> FlaskClient:
    """Return a browser in which this person of the world is signed in."""
    user_id = world.actors[name].user_id
    browser = app.test_client()
    with browser.session_transaction() as login:
        login["_user_id"] = world.session.get_one(User, user_id).fs_uniquifier
        login["_fresh"] = True
    return browser


def send(browser: FlaskClient, address: str, page: str, **values: Any) -> TestResponse:  # noqa: ANN401 -- form values
    """Send a form to ``address`` with the token that stands on ``page``."""
    found = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    return browser.post(address, data={"csrf_token": found[-1], **values})

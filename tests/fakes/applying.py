"""What a browser sends on the pages of an application."""

import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse


def picture() -> bytes:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    return out.getvalue()


def page_file(data: bytes | None = None, name: str = "page-1.jpg") -> tuple[BytesIO, str]:
    """Return a file as a form sends it; a small JPEG unless ``data`` says otherwise."""
    return BytesIO(picture() if data is None else data), name


def token(browser: FlaskClient, page: str) -> str:
    """Return the token that stands on a page."""
    return str(re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[-1])


def send(browser: FlaskClient, page: str, **values: Any) -> TestResponse:  # noqa: ANN401 -- form values
    """Send the form of a page to the page itself."""
    return post(browser, page, page, **values)


def post(browser: FlaskClient, address: str, page: str, **values: Any) -> TestResponse:  # noqa: ANN401 -- form values
    """Send a form to ``address`` with the token of ``page``."""
    return browser.post(address, data={"csrf_token": token(browser, page), **values})

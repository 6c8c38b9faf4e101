"""A site that answers browsers beside a test, without worker, node and edge."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from core.orm import Base
from core.settings import read_settings
from web import assets
from web.app import create_app
from web.database import db
from web.site import Site


@contextmanager
def served(home: Path) -> Iterator[tuple[Site, str]]:
    """Give an application with empty tables in ``home``, and the address it answers at."""
    assets.build()
    app = create_app(
        read_settings(
            {
                "MINDCAST_HOME": str(home),
                "DATABASE_URL": f"sqlite:///{home / 'site.sqlite3'}",
                "SECRET_KEY": "a key for tests",
                "DATA_KEY": "a data key for tests",
            }
        )
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The application: every part is set up by the module that knows it, in this order."""

from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import inspect

from accounts.models import User
from accounts.notices.views import pages as notices_pages
from accounts.queries import has_demo_accounts
from accounts.rules import check_demo_listener, is_loopback
from catalog.credentials.views import pages as licence_pages
from catalog.credentials.views.verifying import join_pages
from catalog.credentials.views.verifying import pages as verification_pages
from catalog.editing.views import pages as editing_pages
from catalog.feeds.views import feeds
from catalog.follows.views import pages as follow_pages
from catalog.schedule.views import pages as schedule_pages
from catalog.search.views import pages as search_pages
from catalog.views import pages as catalog_pages
from core.database import configure_engine, engine_options
from core.errors import SettingError
from core.settings import Settings
from core.shelf import Shelf
from scheduler.board.views import pages as board_pages
from scheduler.calendars.views import pages as calendar_pages
from scheduler.duties.views import pages as duties_pages
from scheduler.hours.views import pages as hours_pages
from scheduler.registrations.views import pages as registration_pages
from scheduler.slots.views import pages as slots_pages
from streams.answers.views import pages as answer_pages
from streams.captions.views import pages as caption_pages
from streams.embeds.views import pages as embed_pages
from streams.handouts.views import pages as handout_pages
from streams.hosting.views import pages as hosting_pages
from streams.moderation.views import pages as moderation_pages
from streams.planning.views import pages as planning_pages
from streams.playback.api import playback_api
from streams.playback.views import media
from streams.polls.views import pages as poll_pages
from streams.posters.views import pages as poster_pages
from streams.questions.views import pages as question_pages
from streams.removal.services import follow_consents
from streams.removal.views import pages as removal_pages
from streams.reports.views import pages as report_pages
from streams.studio.views import pages as studio_pages
from streams.trimming.views import pages as trim_pages
from streams.views import pages as streams_pages
from web import tables as _tables  # noqa: F401 -- every table is known from here on
from web.account.views import pages as account_pages
from web.api import api
from web.choices import set_up_choices
from web.database import db
from web.errors import set_up_errors
from web.headers import set_up_headers
from web.health import health
from web.home import load_settings, rtmp_address
from web.language import set_up_language
from web.logs import set_up_logs
from web.notices_desk.views import mail_pages, wording_pages
from web.objects import Objects
from web.pages import pages as web_pages
from web.proxies import TrustedProxies
from web.security import set_up_security
from web.site import Site
from web.work_board.notices.views import pages as notice_board_pages
from web.work_board.views import pages as work_pages

ROOT = Path(__file__).parent.parent
ROOMS = ("web", "accounts", "catalog", "scheduler", "streams")
LARGEST_FORM = 1 << 20  # bytes; media comes in through the chunk door, not here

PAGES = (
    *(web_pages, catalog_pages, schedule_pages, search_pages, feeds, editing_pages),
    *(
        streams_pages,
        trim_pages,
        hosting_pages,
        work_pages,
        notice_board_pages,
        wording_pages,
        mail_pages,
    ),
    licence_pages,
    verification_pages,
    join_pages,
    hours_pages,
    duties_pages,
    calendar_pages,
    board_pages,
    planning_pages,
    studio_pages,
    slots_pages,
    registration_pages,
    follow_pages,
    notices_pages,
    account_pages,
    report_pages,
    poll_pages,
    handout_pages,
    removal_pages,
    moderation_pages,
    poster_pages,
    embed_pages,
    answer_pages,
    caption_pages,
    question_pages,
)
BLUEPRINTS = (health, *PAGES, api, playback_api, media)


def create_app(settings: Settings | None = None) -> Site:
    """Return the application for ``settings``, by default those of the environment and the home.

    Raises:
        SettingError: A setting that the site cannot do without is missing.
        DemoOnOpenListener: Others would reach accounts with known passwords.
    """
    settings = settings or load_settings()
    app = Site("web", json_errors=False, spec_path="/api/v1/openapi.json", docs_path=None)
    app.title = "Mindcast"
    app.config.update(_options(settings))
    app.extensions["mindcast.settings"] = settings
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / room / "templates") for room in ROOMS])
    app.extensions["mindcast.storage"] = Objects(settings)
    app.extensions["mindcast.shelf"] = Shelf(clock=monotonic)
    app.extensions["mindcast.follow_consent"] = follow_consents  # recordings are rooms above
    app.extensions["mindcast.rtmp_address"] = partial(rtmp_address, settings.home)
    _set_up_database(app, settings)
    set_up_headers(app, settings)
    set_up_logs(app)
    set_up_language(app)
    set_up_choices(app)
    set_up_security(app, settings)
    set_up_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    inner = app.wsgi_app  # the proxies stand outermost of all
    app.wsgi_app = TrustedProxies(inner, settings.trusted_proxies)  # type: ignore[method-assign,assignment]  # Flask's way
    return app


def _options(settings: Settings) -> dict[str, object]:
    if not settings.secret_key:
        problem = "SECRET_KEY is empty, and the home has none yet: start with `mindcast serve`."
        raise SettingError(problem)
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "TRUSTED_HOSTS": trusted_hosts(settings),
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,  # the names of assets carry a hash
    }


def trusted_hosts(settings: Settings) -> list[str] | None:
    """Return the host names the site answers to; None is any, for a loopback listener alone."""
    if not settings.trusted_hosts and is_loopback(settings.bind):
        return None
    named = _host_of(settings.public_url)
    return [*settings.trusted_hosts, *([named] if named else []), "localhost", "127.0.0.1", "[::1]"]


def _host_of(url: str) -> str:
    """Return the host of an address as the Host header names it, without a port."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _set_up_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
        if not is_loopback(settings.bind):
            _refuse_demo(settings.bind)


def _refuse_demo(bind: str) -> None:
    """Refuse an open listener while there are demo accounts; leave no connection behind."""
    try:
        if inspect(db.engine).has_table(User.__tablename__):
            check_demo_listener(bind, has_demo_accounts=has_demo_accounts(db.session))
    finally:
        db.session.close()
        db.engine.dispose()

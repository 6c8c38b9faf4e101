"""The site as an app that can be installed, and what it shows without a network: crisis help.

The service worker keeps that one page, in both languages, and what it is drawn with. It keeps no
other page and answers nothing else: what somebody watched is not on her device by it. Where the
browser can be told so, it is not even asked about anything else: what a host sends, and the studio
after a crash of its tab, wait for no worker.
"""

import json
from hashlib import sha256
from typing import Final

from flask import Response, g, render_template, request

from accounts.rules import STRANGER
from web.assets import asset_url
from web.crisis import all_places
from web.language import PREFIX, current_language
from web.pages import pages
from web.words import gettext

DRAWN_WITH: Final = ("site.css", "theme.js", "site.js")
WORKER: Final = """const NAME = %(name)s, KEPT = %(kept)s;
const ALONE = ["/livestreams/*/studio", "/zh/livestreams/*/studio"];
const ROUTES = [
  ...KEPT.map((urlPattern) => ({ condition: { urlPattern }, source: "fetch-event" })),
  { condition: { not: { requestMode: "navigate" } }, source: "network" },
  ...ALONE.map((urlPattern) => ({ condition: { urlPattern }, source: "network" })),
];
self.addEventListener("install", (event) => {
  try {
    Promise.resolve(event.addRoutes?.(ROUTES)).catch(() => undefined);
  } catch { /* a browser that knows other routes asks the worker about everything */ }
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(
    KEPT.map((one) => new Request(one, { credentials: "omit", cache: "reload" })),
  )).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((one) => one.startsWith("mindcast-") && one !== NAME)
      .map((one) => caches.delete(one)),
  )).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate") {
    const page = /^\\/zh(\\/|$)/.test(pathname) ? "/zh/offline" : "/offline";
    event.respondWith(fetch(event.request).catch(() => caches.match(page)));
  } else if (KEPT.includes(pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
  }
});
"""


@pages.get("/offline")
def offline() -> str:
    """Show crisis help as the device keeps it: for nobody in particular."""
    g.actor = STRANGER
    return render_template("web/help.html", is_offline=True)


@pages.get("/service-worker.js")
def service_worker() -> Response:
    """Give the script that keeps the page; its name changes with what it keeps.

    A number that was put right has to reach the devices that keep the old one.
    """
    kept = ["/offline", f"{PREFIX}/offline", *(asset_url(one) for one in DRAWN_WITH)]
    name = sha256(f"{kept} {all_places()}".encode()).hexdigest()[:12]
    script = WORKER % {"name": json.dumps(f"mindcast-{name}"), "kept": json.dumps(kept)}
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say what the site is called and looks like as an app, in the language of the page."""
    language = current_language()
    start = f"{request.script_root}/"
    said = {
        "name": "Mindcast",
        "short_name": "Mindcast",
        "description": gettext(
            "Free live talks on mental health by psychiatrists. "
            "Watch live or later, without an account."
        ),
        "lang": language,
        "id": "/",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f4ef",
        "theme_color": "#f5f4ef",
        "icons": [{"src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
        "shortcuts": [
            {"name": gettext("Crisis help"), "url": f"{start}help"},
        ],
    }
    answer = Response(json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer

"""What a browser that was never here fetches for the home page, and when it paints."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from bench.browser import chromium
from bench.lengths import length

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
SETTLE_MS = 1000


@dataclass(frozen=True)
class Visit:
    """Requests, bytes on the wire, and milliseconds until the first content is painted."""

    requests: float
    kilobytes: float
    paint_ms: float


def first_visit(url: str) -> Visit:
    """Return the median of some visits, each by a browser without a cache or cookies."""
    with chromium() as started:
        visits = [_visit(started, url) for _ in range(int(length("VISITS", 7, 3)))]
    return Visit(
        median(visit.requests for visit in visits),
        median(visit.kilobytes for visit in visits),
        median(visit.paint_ms for visit in visits),
    )


def _visit(started: Browser, url: str) -> Visit:
    # the zone of the server's default, so that the page is not drawn twice
    context = started.new_context(timezone_id="UTC", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen: dict[str, list[float]] = {"requests": [], "bytes": []}
    wire = context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda _event: seen["requests"].append(1))
    wire.on("Network.loadingFinished", lambda event: seen["bytes"].append(_bytes(event)))
    wire.send("Network.enable")
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLE_MS)
    paint = page.evaluate(PAINT)
    context.close()
    return Visit(sum(seen["requests"]), sum(seen["bytes"]) / 1000, float(paint or 0))


def _bytes(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])

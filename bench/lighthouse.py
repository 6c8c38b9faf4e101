"""Lighthouse's mobile scores of home, a topic, a replay and a room, and a first visit to home."""

import json
import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import requests

from bench.broadcast import make_crew
from bench.figures import Figure, at_least, at_most
from bench.first_visit import first_visit
from bench.house import House, house
from bench.lengths import length
from bench.replays import make_replay
from deploy.run_tests import find_browser
from web.assets import NODE_HOME, NPM

PROMISE = 3
FOLDER = Path(__file__).parent / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 95}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
PAGES = {"home": "/", "topic": "/topics/sleep"}
MOST_REQUESTS, MOST_KILOBYTES, MOST_MS = 12, 150, 400
NOTE = "mobile preset, median; the whole site with its edge on loopback"


def measure() -> list[Figure]:
    install()
    with house(demo=True) as site:
        addresses = {name: site.url + path for name, path in PAGES.items()}
        addresses["replay"] = make_replay(site, make_crew(site), units=1)
        addresses["room"] = _live(site)
        figures = _visit(site)
        for name, address in addresses.items():
            scores = audit(address)
            figures += [
                at_least(PROMISE, f"{name}: {kind}", scores[kind], "of 100", least, NOTE)
                for kind, least in LEAST.items()
            ]
    return figures


def _live(site: House) -> str:
    """Return the address of the demo's livestream that is on now."""
    found = requests.get(f"{site.url}/api/v1/livestreams?state=live", timeout=10).json()
    public = [one for one in found["items"] if one["visibility"] == "public"]
    return f"{site.url}/livestreams/{public[0]['id']}"


def audit(address: str) -> dict[str, float]:
    """Return the median score of each category over some runs."""
    runs = [_run(address) for _ in range(int(length("AUDITS", 3, 1)))]
    return {kind: median(run[kind] for run in runs) for kind in LEAST}


def install() -> None:
    """Install what the lock names; no package may run a script."""
    wanted = sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    marker = FOLDER / "node_modules" / ".locked"
    if marker.exists() and marker.read_text() == wanted:
        return
    words = [str(NODE_HOME / "bin" / "node"), str(NPM), "ci", "--ignore-scripts"]
    subprocess.run(words, cwd=FOLDER, env=_environment(), check=True, stdout=subprocess.DEVNULL)
    marker.write_text(wanted)


def _visit(site: House) -> list[Figure]:
    visit = first_visit(f"{site.url}/")
    name = "first visit to home"
    return [
        at_most(PROMISE, f"{name}: requests", visit.requests, "", MOST_REQUESTS),
        at_most(PROMISE, f"{name}: on the wire", visit.kilobytes, "kB", MOST_KILOBYTES),
        at_most(PROMISE, f"{name}: first contentful paint", visit.paint_ms, "ms", MOST_MS),
    ]


def _run(address: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        words = [str(NODE_HOME / "bin" / "node"), str(PROGRAM), address, "--quiet"]
        words += ["--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}"]
        words += ["--no-enable-error-reporting"]
        done = subprocess.run(words, env=_environment(), capture_output=True, check=False)
        if not report.exists():
            sys.exit(f"Lighthouse said nothing: {done.stderr.decode()[-500:]}")
        return _scores(address, json.loads(report.read_text()))


def _scores(address: str, report: dict[str, Any]) -> dict[str, float]:
    found = {kind: report["categories"][kind]["score"] for kind in LEAST}
    for kind, score in found.items():
        if score is None:
            sys.exit(f"Lighthouse has no {kind} of {address}: {report.get('runtimeError')}")
    _tell(report)
    return {kind: round(score * 100) for kind, score in found.items()}


def _tell(report: dict[str, Any]) -> None:
    """Print which audits lost points."""
    for kind in LEAST:
        for reference in report["categories"][kind]["auditRefs"]:
            audit_ = report["audits"][reference["id"]]
            if reference["weight"] and audit_["score"] is not None and audit_["score"] < 1:
                said = audit_.get("displayValue", "")
                print(f"  {kind}: {audit_['id']} {audit_['score']:.2f} {said}", flush=True)


def _environment() -> dict[str, str]:
    path = f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "CHROME_PATH": find_browser() or ""}

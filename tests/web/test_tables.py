import ast
from pathlib import Path

import pytest

from web import tables

pytestmark = pytest.mark.unit

ROOT = Path(tables.__file__).parents[1]
ROOMS = ("core", "accounts", "media", "catalog", "scheduler", "streams", "web")


def declares_table(path: Path) -> bool:
    """Tell whether a class body in the file names a table."""
    classes = (
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    targets = (
        target
        for one in classes
        for line in one.body
        if isinstance(line, ast.Assign)
        for target in line.targets
    )
    return any(isinstance(target, ast.Name) and target.id == "__tablename__" for target in targets)


def test_every_module_with_tables_is_known() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = {path for path in files if "node_modules" not in path.parts and declares_table(path)}
    assert found == {Path(str(module.__file__)) for module in tables.ROOMS}

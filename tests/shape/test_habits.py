"""Habits that no linter knows: names, sizes, docstrings, and what must never be in the repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for p in (ROOT / "src/motcua").rglob("*.py") if "migrations" not in p.parts)
BANNED_NAMES = re.compile(
    r"(^|_)(utils?|helpers?|common|misc|base|managers?|services?|handlers?)(_|$)"
)


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_named_for_what_is_in_it(path: Path) -> None:
    assert not BANNED_NAMES.search(path.stem)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text().splitlines())) > 500
    }

    assert long == {}


def test_every_module_says_what_is_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_migrations_are_named_by_hand() -> None:
    names = [
        path.stem
        for path in (ROOT / "src/motcua").rglob("migrations/0*.py")
        if re.search(r"_auto_|_initial$", path.stem)
    ]

    assert names == []


def test_no_third_party_assets_are_in_the_repository() -> None:
    names = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".ttf", ".woff", ".woff2", ".whl", ".map"} or ".min." in path.name
    ]

    assert names == []


def test_tests_assert_something() -> None:
    empty = []
    for path in [*ROOT.glob("src/motcua/*/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            text = ast.unparse(node)
            if "assert" not in text and "raises" not in text and "expect(" not in text:
                empty.append(f"{path.relative_to(ROOT)}::{node.name}")

    assert empty == []

"""Borders between areas: floors, front doors, pure engine; and a planted crossing is caught."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
FRONT_DOORS = {"actions", "queries", "events"}
# Doors beside the usual three, where an area offers something that is neither asked nor done.
DOORS_OF = {
    "clock": {"day_ranges"},
    "look": {"formats", "inputs"},
    "people": {"absence_queries", "agency_queries"},
    "workflow": {
        "change_queries",
        "charts",
        "course_queries",
        "drawing_queries",
        "overview_queries",
        "starting_charts",
        "step_queries",
        "walk_queries",
    },
    "cases": {
        "assigning_queries",
        "clock_queries",
        "dissolution_queries",
        "ending_queries",
        "slips",
        "slip_samples",
        "slip_text_queries",
        "slip_words",
        "letter_slips",
        "letters",
        "calibration_queries",
        "export_queries",
        "lateness_queries",
        "load_queries",
        "mass_queries",
        "migration_queries",
        "mirror_queries",
        "online_queries",
        "post_queries",
        "queue_queries",
        "reception_queries",
        "register_queries",
        "rehearsal_queries",
        "result_queries",
        "risk_queries",
        "sending_queries",
        "shift_queries",
        "transfer_queries",
        "what_if_queries",
        "work_queries",
    },
}
OPEN_TO_ALL = {"engine"}
WIRING = {"project", "__main__"}


@cache
def imports() -> tuple[tuple[str, str], ...]:
    graph = grimp.build_graph("motcua", cache_dir=None, exclude_type_checking_imports=True)
    return tuple(
        (a, b)
        for a in sorted(graph.modules)
        for b in sorted(graph.find_modules_directly_imported_by(a))
    )


def area(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def crossings() -> list[str]:
    found = []
    for importer, imported in imports():
        if area(importer) == area(imported) or not area(imported):
            continue
        if area(importer) in WIRING or area(imported) in OPEN_TO_ALL or ".tests" in importer:
            continue
        door = imported.split(".")[2] if imported.count(".") >= 2 else None
        if door not in FRONT_DOORS | DOORS_OF.get(area(imported), set()):
            found.append(f"{importer} goes around the front door of {area(imported)}: {imported}")
    return found


def test_an_area_is_entered_by_its_front_door() -> None:
    assert crossings() == []


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder / "src",
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )


def test_the_floors_hold() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=shutil.ignore_patterns("static", "fonts", "__pycache__", "templates", "data"),
    )
    return tmp_path


def test_a_planted_import_across_floors_is_caught(copy: Path) -> None:
    with (copy / "src/motcua/people/queries.py").open("a") as file:
        file.write("\nfrom motcua.cases import queries as upstairs  # noqa\n")

    result = lint(copy)

    assert result.returncode != 0
    assert "motcua.people.queries -> motcua.cases.queries" in result.stdout


def test_a_planted_django_import_in_the_engine_is_caught(copy: Path) -> None:
    with (copy / "src/motcua/engine/explain.py").open("a") as file:
        file.write("\nimport django  # noqa\n")

    result = lint(copy)

    assert result.returncode != 0
    assert "motcua.engine.explain -> django" in result.stdout


def test_a_new_folder_needs_a_floor(copy: Path) -> None:
    (copy / "src/motcua/attic").mkdir()
    (copy / "src/motcua/attic/__init__.py").write_text('"""Nowhere."""\n')

    result = lint(copy)

    assert result.returncode != 0
    assert "attic" in result.stdout

"""The tables of docs/reference/personal-data.md."""

from __future__ import annotations

from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "personal-data.md"


def rows_of(section: str) -> list[tuple[str, str, str]]:
    """Return the lines of a section's table that begin with a name in code: name, what, kind."""
    text = TABLE.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [(name.strip(" `"), what.strip(), kind.strip()) for name, what, kind in lines]

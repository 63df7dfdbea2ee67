"""`motcua audit`: the seed's findings, JSON and table, and clear refusals."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SEED = Path(__file__).parents[4] / "docs" / "examples" / "published-2023-q1.statements.yaml"


def run(file: Path, *options: str) -> str:
    """Return what the command prints about a file."""
    out = StringIO()
    call_command("audit", str(file), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    """Return the path of a statements file that each test writes."""
    return tmp_path / "statements.yaml"


def test_the_seed_has_exactly_the_disagreements_of_its_list() -> None:
    findings = json.loads(run(SEED, "--json"))["findings"]

    assert [(f["class"], f["severity"], f["printed"], f["expected"]) for f in findings] == [
        ("RATE", "error", 99.88, 99.48),
        ("RATE", "error", 99.49, 99.37),
        ("RATE", "error", 96.01, 94.27),
        ("RATE", "error", 98.86, 98.85),
        ("STOCK", "error", 207, 307),
        ("CITATION", "error", "8/4/2018; 08/4/2021", "08/04/2020"),
        ("CITATION", "error", "2021", "2023"),
    ]
    assert "đã xử lý 172" in findings[4]["message_vi"]
    assert all(
        "không khớp" in f["message_vi"] and "not reconcile" in f["message_en"] for f in findings
    )


def test_json_names_every_part_of_a_finding() -> None:
    finding = json.loads(run(SEED, "--json"))["findings"][0]

    assert set(finding) == {
        "statement",
        "class",
        "severity",
        "printed",
        "expected",
        "difference",
        "message_vi",
        "message_en",
    }
    assert finding["difference"] == 0.4


def test_the_table_is_in_vietnamese_and_in_english_when_asked(statements: Path) -> None:
    statements.write_text(
        "statements:\n- {id: sở, kind: settlement, done: 31602, on_time: '31.404', rate: 99.49}\n"
    )

    vietnamese, english = run(statements), run(statements, "--language", "en")

    assert "99,49" in vietnamese
    assert "31.404/31.602" in vietnamese
    assert "không khớp" in vietnamese
    assert "99.49" in english
    assert "31,404/31,602" in english


def test_figures_that_agree_are_said_to_agree(statements: Path) -> None:
    statements.write_text("statements:\n- {id: a, kind: same, values: {x: 1, y: 1}}\n")

    assert "đều khớp" in run(statements)
    assert json.loads(run(statements, "--json")) == {"findings": []}


def test_the_period_is_checked_against_the_law(statements: Path) -> None:
    statements.write_text("period: {from: 2023-01-01, to: 2023-03-31, name: Quý I/2023}\n")

    findings = json.loads(run(statements, "--json"))["findings"]

    assert [(f["statement"], f["class"], f["expected"]) for f in findings] == [
        ("period", "PERIOD", "15/12/2022 – 14/03/2023")
    ]


def test_a_period_that_the_law_does_not_name_is_not_checked(statements: Path) -> None:
    statements.write_text("period: {from: 2023-01-01, to: 2023-03-31, name: Mùa xuân}\n")

    assert json.loads(run(statements, "--json")) == {"findings": []}


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("Quý 1 năm 2023", "15/12/2022 – 14/03/2023"),
        ("quý II-2023", "15/03/2023 – 14/06/2023"),
        ("2023-Q3", "15/06/2023 – 14/09/2023"),
        ("Quý IV/2023", "15/09/2023 – 14/12/2023"),
        ("6 tháng đầu năm 2023", "15/12/2022 – 14/06/2023"),
        ("First half of 2023", "15/12/2022 – 14/06/2023"),
        ("6 tháng cuối năm 2023", "15/06/2023 – 14/12/2023"),
        ("Năm 2023", "15/12/2022 – 14/12/2023"),
        ("9 tháng năm 2023", None),
        ("Quý I/0001", None),
        ("Quý I/2018", None),
    ],
)
def test_each_period_of_the_law_is_known_by_the_names_that_reports_give_it(
    statements: Path, name: str, days: str | None
) -> None:
    statements.write_text(f"period: {{from: 2023-01-02, to: 2023-01-03, name: {name}}}\n")

    findings = json.loads(run(statements, "--json"))["findings"]

    assert [f["expected"] for f in findings] == ([days] if days else [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("statements:\n\n- {id: a, kind: settlement, donee: 3}\n", ":3: "),
        ("statements:\n- {id: a, kind: settlement, done: '31,404'}\n", ":2: "),
        ("statements: [1, 2\n", ":2: "),
        ("statements: {a: 1}\n", ": "),
        ("", ": "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    statements: Path, text: str, place: str
) -> None:
    statements.write_text(text)

    with pytest.raises(CommandError) as refused:
        run(statements)

    assert str(refused.value).startswith(f"{statements}{place}")
    assert refused.value.returncode == 1


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "scan.yaml"
    picture.write_bytes(b"\xff\xd8\xff\xe0")

    with pytest.raises(CommandError, match="không mở được tệp"):
        run(tmp_path / "missing.yaml")
    with pytest.raises(CommandError, match="không mở được tệp"):
        run(tmp_path)
    with pytest.raises(CommandError, match="UTF-8"):
        run(picture)

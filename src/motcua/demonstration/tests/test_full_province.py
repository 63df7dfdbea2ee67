"""The whole province: printed figures come out exactly, each case file whole, the trail intact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client

from motcua.audit import queries as audit
from motcua.cases.models import Case
from motcua.demonstration import content, full_province, province, seed_figures
from motcua.demonstration.full_province import CannotLoadAll, Level
from motcua.engine.moments import VIETNAM
from motcua.people.models import User
from motcua.reporting.definitions import get_catalogue, get_form
from motcua.reporting.filled_forms import Question, fill_form
from motcua.reporting.unit_and_period import get_period, get_province

NOW = datetime(2023, 3, 15, 8, 0, tzinfo=VIETNAM)
FEW = (
    Level(level="PROVINCE", done=90, on_time=84),
    Level(level="DISTRICT", done=70, on_time=63),
    Level(level="COMMUNE", done=110, on_time=109),
)
DOCS = Path(__file__).parents[4] / "docs"
TABLE = DOCS / "reference" / "seed-figures.md"
PRINTED = DOCS / "examples" / "published-2023-q1.yaml"


@pytest.fixture
def loaded(db: None) -> int:
    province.set_up()
    return full_province.load_all(now=NOW, progress=lambda _done, _total: None, levels=FEW)


def one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def test_every_level_settles_what_was_printed_and_form_3_says_so(loaded: int) -> None:
    seed_figures.enter_all(now=NOW)
    day = date(2023, 3, 14)
    asked = Question(
        unit=get_province(on=day),
        include_subordinate=True,
        period=get_period(first_day=date(2022, 12, 15), last_day=day, now=NOW),
    )

    lines = {
        line.line.code: line.value
        for line in fill_form(get_form("reform_form_3", day), asked).lines
        if line.line.indicator
    }

    assert loaded == 270
    settled = [int(lines[f"3.{n}.{part}"] or 0) for n in (1, 2, 3) for part in (1, 2)]
    assert settled == [90, 84, 70, 63, 110, 109]
    assert (int(lines["1.5"] or 0), int(lines["3.4.2"] or 0)) == (1972, 8083)


def test_each_case_file_is_whole_and_the_trail_holds(loaded: int) -> None:
    assert one("SELECT count(*) FROM cases_party") == 2 * loaded
    assert one("SELECT count(DISTINCT code) FROM cases_case WHERE code ~ '^H19[.0-9]*-'") == loaded
    assert one("SELECT count(*) FROM step_facts WHERE completed_at < opened_at") == 0
    assert one("SELECT count(DISTINCT case_id) FROM step_facts") == loaded
    assert one("SELECT count(*) FROM audit_entry WHERE event = 'case.imported'") == loaded
    assert list(audit.find_broken_chains()) == []
    # Loading again is refused and changes nothing.
    with pytest.raises(CannotLoadAll, match="đã được nạp đủ"):
        full_province.load_all(now=NOW, progress=lambda _done, _total: None, levels=FEW)

    assert one("SELECT count(*) FROM cases_case") == loaded


def test_an_imported_case_file_says_that_it_is_one_and_has_no_ledger(loaded: int) -> None:
    code = Case.objects.order_by("code").values_list("code", flat=True)[0]
    client = Client()
    client.force_login(User.objects.get(username="vp.ksttthc"))

    due = client.get(f"/ho-so/{code}/han-tra/").content.decode()
    page = client.get(f"/ho-so/{code}/").content.decode()

    assert "nhập từ hệ thống khác, không kèm sổ thời hạn" in due
    assert "Đã nhập từ hệ thống khác" in page
    assert not re.search(r"QUALIFIED|APPROVE|case\.imported", re.sub(r"<[^>]+>", " ", page))


def test_the_table_of_the_reports_figures_is_in_step() -> None:
    wrong = [(f.name, str(f.printed), str(f.computed)) for f in seed_figures.list_figures()
             if f.verdict == "không khớp"]  # fmt: skip

    assert wrong == [
        ("2.2.2 TỔNG CỘNG: tỷ lệ (%)", "99.88", "99.48"),
        ("3.1 Sở, ban, ngành: tỷ lệ (%)", "99.49", "99.37"),
        ("3.2 Cấp huyện: tỷ lệ (%)", "96.01", "94.27"),
        ("3.3 Cấp xã: tỷ lệ (%)", "98.86", "98.85"),
        ("PAKN Cổng quốc gia: đã xử lý", "272", "172"),
    ]
    assert TABLE.read_text() == seed_figures.write_table(), "motcua demo --figures writes it anew"


def printed_figures(part: Any) -> Iterator[str]:
    """Yield every figure of the report as it was printed, blanks included."""
    if isinstance(part, dict):
        for name, below in part.items():
            if name not in ("period", "issuer", "columns"):
                yield from printed_figures(below)
    elif isinstance(part, list):
        for below in part:
            yield from printed_figures(below)
    else:
        yield str(part)


def test_the_table_leaves_out_no_figure_that_was_printed() -> None:
    printed = Counter(printed_figures(yaml.safe_load(PRINTED.read_text())))
    shown = Counter(str(figure.printed) for figure in seed_figures.list_figures())

    assert (printed - shown, shown - printed) == (Counter(), Counter())
    assert all(f.verdict != "chưa có nguồn để tính lại" for f in seed_figures.list_figures())


def test_only_figures_that_are_entered_are_entered() -> None:
    catalogue = get_catalogue(date(2023, 3, 14))
    entered = content.read("full_province")["entered"]

    assert all(catalogue.indicators[name].owner for name in entered)

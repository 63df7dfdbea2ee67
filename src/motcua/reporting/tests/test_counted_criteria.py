"""CS2, CS5, CS9 and rate 1.1 are counted from the facts, alike on every engine, and open to their rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case
from motcua.cases.tests.world import World
from motcua.lawbook import queries as lawbook
from motcua.procedures.models import Procedure, Revision
from motcua.reporting import calendar_facts, facts
from motcua.reporting.definitions import counting_rules, get_catalogue, get_form
from motcua.reporting.fact_files import FactFiles, write_facts
from motcua.reporting.facts import Slice
from motcua.reporting.filled_forms import FilledForm, Question, fill_form
from motcua.reporting.on_the_spot import get_on_the_spot
from motcua.reporting.tests.test_lateness import MARCH, at, sign_in, words
from motcua.reporting.tests.test_on_the_spot import make_spot_world
from motcua.reporting.unit_and_period import get_period, get_province, get_unit
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

LAST = date(2023, 3, 31)
NOW = at(31) + timedelta(days=9)
ORIGIN, PROCEDURES = "/bao-cao/bieu/{}/tu-dau/", "/bao-cao/bieu/{}/thu-tuc/"
BY_MOMENT = {"on_time": "by_moment", "waiting_for_supplement": "in_process", "returned": "settled"}
LEADS = lawbook.get_subject("time/publication").examples


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_spot_world)


def fill(
    form: str = "one_stop_evaluation", *, unit: str = "H19.01", below: bool = False, **more: Any
) -> FilledForm:
    """Return a form of March 2023."""
    whole = form == "service_index"
    asked = Question(
        unit=get_province(on=LAST) if whole else get_unit(unit, on=LAST),
        include_subordinate=below or whole,
        period=get_period(first_day=date(2023, 3, 1), last_day=LAST, now=NOW),
        rules=counting_rules({**BY_MOMENT, **more.pop("rules", {})}),
        rows_by="level",
    )
    return fill_form(get_form(form, LAST), asked, **more)


def figure(filled: FilledForm, name: str) -> str:
    return str(filled.printed(filled.catalogue.indicators[name], filled.total.values))


def due(case: Case, *moments: datetime | None) -> None:
    """Give the steps of a case these due times, in their order."""
    for task, moment in zip(
        Task.objects.filter(run=case.run_id).order_by("pk"), moments, strict=True
    ):
        Task.objects.filter(pk=task.pk).update(due_at=moment)


def made() -> list[Case]:
    return list(Case.objects.order_by("pk"))


AGENCIES = [f"done_agencies_{name}" for name in ("early", "on_day", "late", "untold")]


def let_agencies_differ() -> None:
    """One case whose agencies were all quicker, one equal, one with a late agency, one without limits."""
    early, on_day, late, untold = made()
    due(early, at(8), at(10), at(10))
    due(on_day, at(8), at(7, 17), at(10))
    due(late, at(8), at(7, 9, 59), at(10))
    due(untold, None, None, None)


def test_cs_2_judges_each_case_by_the_slowest_of_its_agencies(world: World) -> None:
    let_agencies_differ()

    filled = fill()

    assert [figure(filled, name) for name in AGENCIES] == ["1", "1", "1", "1"]
    # Two points, one and none over the three that can be judged.
    assert figure(filled, "cs_2") == "1.0"
    # By the day only, what was done a minute late on its due day was in time.
    by_day = fill(rules={"on_time": "by_day"})
    assert [figure(by_day, name) for name in AGENCIES] == ["1", "2", "0", "1"]


def test_cs_2_is_missing_and_not_zero_where_no_step_has_a_limit(world: World) -> None:
    Task.objects.update(due_at=None)

    filled = fill()

    assert (figure(filled, "cs_2"), figure(filled, "done_agencies_untold")) == ("None", "4")


def test_cs_5_has_the_shares_of_the_page_of_settling_on_the_spot(world: World) -> None:
    filled = fill()
    unit = get_unit(MARCH["unit"], on=LAST)
    page = get_on_the_spot(unit=unit, first_day=at(1).date(), last_day=LAST, now=NOW)

    (province, district, commune) = page.levels
    assert (province.procedures, province.on_the_spot) == (3, 1)
    assert figure(filled, "spot_procedures_province") == str(province.procedures)
    assert figure(filled, "spot_on_the_spot_province") == str(province.on_the_spot)
    # A third of the procedures is more than the 20% of a province; no district, no commune.
    assert (figure(filled, "cs_5"), figure(filled, "spot_points_district")) == ("2.0", "None")
    assert district.procedures == commune.procedures == 0


def test_cs_5_is_one_point_where_all_is_returned_there_and_none_where_a_result_waits(
    world: World,
) -> None:
    Task.objects.update(agency_id=world.office.pk)
    one = fill()
    Case.objects.filter(pk=made()[0].pk).update(status="DONE", returned_at=None)

    waits = fill()

    assert (figure(one, "spot_on_the_spot_province"), figure(one, "cs_5")) == ("0", "1.0")
    assert (figure(waits, "spot_returned_province"), figure(waits, "cs_5")) == ("2", "0.0")


def test_cs_9_asks_for_procedures_and_case_files_online_and_none_of_them_late(world: World) -> None:
    Revision.objects.update(online="NONE")
    nothing = fill()
    online(made()[0])
    quarter = fill()
    online(made()[1])
    half = fill()
    Revision.objects.filter(procedure__code="1.000002").update(online="FULL")
    full = fill()
    Case.objects.filter(pk=made()[1].pk).update(due_at=at(6, 11))
    late = fill()

    asked = (nothing, quarter, half, full, late)
    shares = [figure(one, "online_share") for one in asked]
    assert shares == ["0.00", "25.00", "50.00", "50.00", "50.00"]
    assert figure(half, "unit_online_rate") == "0.00"
    assert float(figure(full, "unit_online_rate")) >= 20
    assert [figure(one, "cs_9") for one in asked] == ["0.0", "1.0", "1.0", "2.0", "0.0"]
    assert [figure(one, "online_late") for one in asked] == ["0", "0", "0", "0", "1"]


def online(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(channel="ONLINE")


def test_procedures_of_a_kind_of_agency_are_those_of_each_agency_of_the_kind(world: World) -> None:
    before = fill(unit="H19.01")
    Revision.objects.filter(procedure__code="1.000003").update(agency=None, agency_kind="OFFICE")
    as_kind = fill(unit="H19.01")
    Revision.objects.filter(procedure__code="1.000003").update(agency_kind="COMMUNE")

    elsewhere = fill(unit="H19.01")

    names = [int(figure(one, "unit_procedures_in_force")) for one in (before, as_kind, elsewhere)]
    assert names[0] == names[1] == names[2] + 1


def published(code: str, decided: date | None, effective: date, *, number: int = 2) -> None:
    """Publish a procedure anew, decided and in force from these days."""
    old = Revision.objects.filter(procedure__code=code).order_by("number").last()
    assert old is not None
    Revision.objects.filter(pk=old.pk).update(ends_on=effective)
    values = Revision.objects.filter(pk=old.pk).values()[0]
    changes = {"id": None, "number": number, "decision_date": decided, "starts_on": effective}
    Revision.objects.create(**{**values, "ends_on": None, **changes})


RATES = (
    "procedures_published",
    "procedures_published_in_time",
    "procedures_published_in_time_by_day",
)


@pytest.mark.parametrize("example", LEADS, ids=lambda e: e.get("name").get("en").text())
def test_a_publication_is_in_time_as_the_example_of_the_law_says(
    world: World, example: Any
) -> None:
    told = cast("dict[str, Any]", example.plain())
    Revision.objects.update(starts_on=date(2020, 9, 15))
    published("1.000002", told["decided"], told["effective"])
    period = get_period(first_day=date(2023, 1, 1), last_day=LAST, now=NOW)
    whole = Question(unit=get_province(on=LAST), include_subordinate=True, period=period)

    filled = fill_form(get_form("service_index", LAST), whole)

    counted = [figure(filled, name) for name in RATES]
    assert counted == ["1", str(int(told["in_time"])), str(int(told["in_time_by_day"]))]


def let_publications_differ() -> None:
    """In time, late, late the second time, undated, of a vertical agency, decided in April."""
    published("1.000002", date(2023, 3, 1), date(2023, 3, 10))
    published("1.000003", date(2023, 3, 9), date(2023, 3, 10))
    published("1.000004", date(2023, 3, 1), date(2023, 3, 10))
    published("1.000004", date(2023, 3, 20), date(2023, 3, 21), number=3)
    published("1.000005", None, date(2023, 3, 15))
    published("1.000001", date(2023, 4, 3), date(2023, 4, 20))


def test_rate_1_1_counts_a_procedure_once_and_late_when_one_time_was(world: World) -> None:
    let_publications_differ()

    filled = fill("service_index")

    assert [figure(filled, name) for name in RATES] == ["3", "1", "1"]
    assert (figure(filled, "si_1_1_rate"), figure(filled, "si_1_1")) == ("33.33", "2.00")
    assert figure(filled, "si_1_1_rate_by_day") == "33.33"
    # What ministries publish is not the province's.
    Procedure.objects.filter(code="1.000003").update(level="VERTICAL")
    assert figure(fill("service_index"), "procedures_published") == "2"


def test_a_period_without_publications_has_no_rate(world: World) -> None:
    filled = fill("service_index")

    assert (figure(filled, "procedures_published"), figure(filled, "si_1_1")) == ("0", "None")


@pytest.mark.parametrize("form", ["one_stop_evaluation", "service_index"])
@pytest.mark.parametrize("below", [False, True])
def test_duckdb_counts_what_postgresql_counts(
    world: World, tmp_path: Path, form: str, below: bool
) -> None:
    let_agencies_differ()
    let_publications_differ()
    Case.objects.filter(pk=made()[1].pk).update(channel="ONLINE", due_at=at(6, 11))
    write_facts(tmp_path, duckdb=duckdb)
    engine = FactFiles(tmp_path, duckdb=duckdb)

    here, there = fill(form, below=below), fill(form, below=below, engine=engine)

    assert here.total.values == there.total.values
    names = ("cs_2", "cs_5", "cs_9") if form == "one_stop_evaluation" else RATES
    assert all(here.total.values[name] is not None for name in names)


def test_each_part_of_a_criterion_opens_to_as_many_rows_as_it_says(world: World) -> None:
    let_agencies_differ()
    let_publications_differ()
    client = sign_in(world.controller)
    walked = 0
    for form, name in (
        ("one_stop_evaluation", "cs_2"),
        ("one_stop_evaluation", "cs_5"),
        ("one_stop_evaluation", "cs_9"),
        ("service_index", "si_1_1"),
    ):
        page = client.get(ORIGIN.format(form), {**MARCH, "indicator": name}).text
        found = re.findall(r'href="([^"]+)">Mở danh sách: [^<]*\(([\d.]+)\)<', page)
        assert found, name
        for url, number in found:
            rows = client.get(unescape(url)).text.count('class="cell-title')
            assert rows == int(number), url
            walked += 1

    assert walked == 4 + 9 + 6 + 2


def test_somebody_of_another_agency_is_refused_each_of_these_lists(world: World) -> None:
    asked = {**MARCH, "indicator": "spot_procedures_province"}

    for person in (world.oanh, world.cuc):
        client = sign_in(person)
        for page in (ORIGIN, PROCEDURES):
            answer = client.get(page.format("one_stop_evaluation"), asked)
            assert answer.status_code == 403
            assert "1.000002" not in words(answer)
    allowed = sign_in(world.dung).get(PROCEDURES.format("one_stop_evaluation"), asked)
    assert "Đếm từ các bước đã làm của hồ sơ" in words(allowed)


def test_a_criterion_has_no_law_before_its_first_day() -> None:
    assert "cs_2" not in get_catalogue(date(2018, 12, 31)).indicators
    assert "procedures_published" not in get_catalogue(date(2022, 7, 31)).indicators


def test_the_calendar_counts_days_and_working_days_before_each_day() -> None:
    monday, next_monday, far = date(2023, 2, 6), date(2023, 2, 13), date(2035, 1, 1)

    found = {day: (days, working) for day, days, working in calendar_facts.list_calendar(
        [next_monday, monday, far]
    )}  # fmt: skip

    assert found[monday] == (0, 0)
    assert found[next_monday] == (7, 5)
    # Beyond the calendars of the law a week has five working days.
    later = dict.fromkeys([date(2035, 1, 8), far])
    weeks = calendar_facts.list_calendar(later)
    assert weeks[1][1:] == (7, 5)
    assert calendar_facts.list_calendar([]) == []


def test_the_evaluation_asks_as_often_for_many_case_files_as_for_few(world: World) -> None:
    fill(below=True)
    with CaptureQueriesContext(connection) as few:
        fill(below=True)
    copy_case(made()[0], 60)
    with CaptureQueriesContext(connection) as many:
        filled = fill(below=True)

    assert figure(filled, "done") == "64"
    assert len(few) == len(many)


def plan_of(counts: tuple[str, ...]) -> str:
    """Return how PostgreSQL counts case files as these."""
    wanted = Slice(starts_at=at(1), cut_off=NOW)
    with CaptureQueriesContext(connection) as captured:
        facts.count_cases(wanted, by=("field",), counts=counts)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {captured[-1]['sql']}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_steps_are_read_only_where_a_form_asks_for_the_time_of_agencies(world: World) -> None:
    settled = plan_of(("received", "done_early", "done_late", "open_overdue"))

    assert "workflow_task" not in settled
    assert "cases_case" in settled
    assert "workflow_task" in plan_of(("done_agencies_late",))

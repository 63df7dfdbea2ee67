"""What is settled on the spot is counted from the steps done, by level, and opens to its rows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest

from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World, make_procedure, make_world
from motcua.people.models import Agency
from motcua.procedures.models import Revision
from motcua.reporting.tests.province import local
from motcua.reporting.tests.test_lateness import count_queries, sign_in, words
from motcua.workflow.models import Task

PAGE, LIST, WORKBOOK = "/bao-cao/tai-cho/", "/bao-cao/tai-cho/ho-so/", "/bao-cao/tai-cho/tai-ve/"
ASKED = {"unit": "H19.01", "first_day": "01/03/2023", "last_day": "31/03/2023"}
MOMENTS = (local("2023-03-06 10:00"), local("2023-03-07 10:00"), local("2023-03-07 15:00"))


def hand_over(world: World, case: Case, code: str) -> None:
    """Let a case be of a procedure of its own, and hand its result over."""
    make_procedure(world.office, code=code, name=f"Thủ tục {code}")
    revision = Revision.objects.get(procedure__code=code)
    Case.objects.filter(pk=case.pk).update(
        revision=revision,
        variant=revision.variants.get(),
        status="RETURNED",
        returned_at=local("2023-03-08 09:00"),
    )


def do_at(agency: Agency, *cases: Case) -> None:
    Task.objects.filter(run__in=[case.run_id for case in cases]).update(agency=agency)


def make_spot_world() -> World:
    """One procedure settled at the centre, one at the Office, one where a case of two went away."""
    world = make_world()
    made = [late_case(world, local("2023-03-06 09:00"), MOMENTS) for _ in range(4)]
    here, away, mixed, also = made
    for number, case in enumerate(made, start=2):
        hand_over(world, case, f"1.00000{number}")
    do_at(world.centre, here, mixed)
    Case.objects.filter(pk=also.pk).update(revision=revision_of(mixed))
    # What the catalogue says is not asked.
    Revision.objects.filter(pk=Case.objects.get(pk=away.pk).revision_id).update(is_on_the_spot=True)
    return world


def revision_of(case: Case) -> int:
    return Case.objects.values_list("revision_id", flat=True).get(pk=case.pk)


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_spot_world)


def links(page: Any) -> dict[str, str]:
    """Return the address of each figure by what it is called."""
    found = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', page.content.decode())
    return {unescape(label): unescape(url) for url, label in found}


def test_whoever_may_not_report_on_the_unit_sees_nothing(world: World) -> None:
    for address in (PAGE, LIST, WORKBOOK):
        assert sign_in(world.oanh).get(address, ASKED).status_code == 403
        assert sign_in(world.cuc).get(address, ASKED).status_code == 403


def test_a_procedure_counts_when_all_its_cases_were_settled_where_they_were_received(
    world: World,
) -> None:
    page = sign_in(world.controller).get(PAGE, ASKED)

    shown, figures = words(page), links(page)
    assert "Cấp tỉnh 3 1 33,3% 20%" in shown
    assert "TT 01/2018/TT-VPCP Đ13–15 (CS5)" in shown
    assert "Cấp huyện 0 0 – 50%" in shown
    assert "Không có thủ tục" in shown
    assert "1.000004, Hồ sơ đã giải quyết: 2" in figures
    assert "1.000004, Đủ 4 tại chỗ: 1" in figures
    assert "1.000003, Thẩm định tại chỗ: 0" in figures


def test_a_figure_of_a_level_opens_to_its_procedures(world: World) -> None:
    client = sign_in(world.controller)
    figures = links(client.get(PAGE, ASKED))

    url = figures["Cấp tỉnh: số thủ tục đủ 4 tại chỗ: 1"].partition("#")[0]
    narrowed = words(client.get(url))

    assert "Thủ tục 1.000002" in narrowed
    assert "Thủ tục 1.000003" not in narrowed
    assert "chỉ thủ tục đủ 4 tại chỗ" in narrowed


def test_a_figure_of_a_procedure_opens_to_its_case_files(world: World) -> None:
    client = sign_in(world.controller)
    figures = links(client.get(PAGE, ASKED))

    listed = {
        label: len(
            re.findall(
                r'<a class="cell-title cell-code" href="/ho-so/', client.get(url).content.decode()
            )
        )
        for label, url in figures.items()
        if label.startswith("1.")
    }

    assert listed
    assert all(label.endswith(f": {count}") for label, count in listed.items())


def test_a_case_that_waits_for_its_result_to_be_fetched_is_not_returned(world: World) -> None:
    case = Case.objects.get(revision__procedure__code="1.000002")
    Case.objects.filter(pk=case.pk).update(status="DONE", returned_at=None)

    page = sign_in(world.controller).get(PAGE, ASKED)

    assert "1.000002, Đã trả tại chỗ: 0" in links(page)
    assert "Cấp tỉnh 3 0 0% 20%" in words(page)
    assert "Chưa đạt" in words(page)


def test_the_workbook_says_the_same(world: World) -> None:
    answer = sign_in(world.controller).get(WORKBOOK, ASKED)

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    levels, procedures = (list(sheet.values) for sheet in book.worksheets)
    assert levels[3][:6] == ("Cấp tỉnh", 3, 1, "33,3%", "20%", "Đạt")
    assert [(row[0], row[3], row[7]) for row in procedures[3:]] == [
        ("1.000002", 1, 1),
        ("1.000003", 1, 0),
        ("1.000004", 2, 1),
    ]


@pytest.mark.parametrize("part", [{"mark": "flagged"}, {"level": "MOON"}, {"unit": "H99"}])
def test_an_address_that_asks_for_nothing_sensible_is_refused_with_a_reason(
    world: World, part: dict[str, str]
) -> None:
    answer = sign_in(world.controller).get(LIST, {**ASKED, **part})

    assert answer.status_code == 400
    assert "alert" in answer.content.decode()


def test_the_page_takes_as_many_queries_for_many_cases_as_for_few(world: World) -> None:
    client = sign_in(world.controller)
    address = f"{PAGE}?unit=H19.01&first_day=01/03/2023&last_day=31/03/2023"
    few = count_queries(client, address)

    copy_case(Case.objects.get(revision__procedure__code="1.000002"), 60)
    many = count_queries(client, address)

    assert few == many
    assert "1.000002, Hồ sơ đã giải quyết: 61" in links(client.get(PAGE, ASKED))

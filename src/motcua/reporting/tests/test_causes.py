"""Form II.07a: each late case file under one cause, each count opens to its rows, II.06a agrees."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from motcua.cases.lateness_queries import LostTime
from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World
from motcua.engine.explain import Because
from motcua.engine.lateness import PartyKind, PartyOfTime, Share, Shares
from motcua.reporting.late_causes import get_cause_form
from motcua.reporting.lateness import Cause, cause_of
from motcua.reporting.tests.province import Q1_LAST
from motcua.reporting.tests.test_lateness import (
    ASKED,
    LIST,
    MARCH,
    at,
    count_queries,
    make_late_world,
    sign_in,
    words,
)

PAGE, WORKBOOK = "/bao-cao/nguyen-nhan/", "/bao-cao/nguyen-nhan/tai-ve/"
DAYS = ("--unit", "H19.01", "--from", "2023-03-01", "--to", "2023-03-31")


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_late_world)


def report(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command("report", name, *DAYS, *arguments, stdout=out)
    return out.getvalue()


def lost(*parts: tuple[int, int]) -> LostTime:
    """Return the lost time of a case received at agency 1: minutes by the agency that held it."""
    because = Because(vi="giữ hồ sơ", en="held it")
    shares = tuple(
        Share(
            PartyOfTime(kind=PartyKind.AGENCY, id=agency), "Bước", minutes, minutes, None, because
        )
        for agency, minutes in parts
    )
    total = sum(minutes for _agency, minutes in parts)
    return LostTime(case_id=1, receiving_id=1, shares=Shares(total, shares) if parts else None)


def test_who_may_not_report_does_not_see_the_causes(world: World) -> None:
    for page in (PAGE, WORKBOOK):
        assert sign_in(world.oanh).get(page, MARCH).status_code == 403
        assert sign_in(world.cuc).get(page, MARCH).status_code == 403
        assert Client().get(page, MARCH).status_code == 302


@pytest.mark.parametrize(
    "parts, cause",
    [
        ([(2, 60), (3, 30)], Cause.OFFICERS),
        ([(2, 20), (1, 20), (3, 30)], Cause.OFFICERS),
        ([(2, 60), (3, 90)], Cause.COORDINATION),
        ([(2, 60), (3, 60)], Cause.OFFICERS),
        ([], Cause.UNTOLD),
        ([(2, 0), (3, 0)], Cause.UNTOLD),
    ],
)
def test_the_cause_is_who_held_the_largest_part(parts: list[tuple[int, int]], cause: Cause) -> None:
    assert cause_of(lost(*parts), settling_id=2) == cause


def test_the_law_names_every_cause_once_and_its_form() -> None:
    form = get_cause_form(Q1_LAST)

    assert list(form.causes) == list(Cause)
    assert (form.number, form.is_verified) == ("II.07a/VPCP/KSTT", False)


def test_each_count_opens_to_as_many_rows_as_it_says(world: World) -> None:
    client = sign_in(world.controller)

    page = client.get(PAGE, MARCH).content.decode()

    found = re.findall(r'<a href="(/bao-cao/tre-han/ho-so/[^"]*)"[^>]*>(\d+)<', page)
    assert [int(number) for _url, number in found] == [3, 3, 0, 0, 3, 3, 0, 0]
    for url, number in found:
        rows = client.get(unescape(url)).content.decode()
        assert rows.count('class="cell-title') == int(number), url
        assert PAGE in rows


def test_the_total_is_columns_10_and_13_of_the_settlement_form(world: World) -> None:
    causes = json.loads(report("ii-07a", "--format", "json"))
    settled = json.loads(report("ii-06a", "--format", "json"))

    told = {"late": 3, "regulation": None, "officers": 3, "coordination": 0, "untold": 0}
    assert causes["total"] == told
    assert (settled["total"]["done_late"], settled["total"]["open_overdue"]) == (2, 1)
    assert [row["late"] for row in causes["rows"]] == [3]


def test_a_cause_that_nothing_tells_is_missing_and_not_zero(world: World) -> None:
    # As imported from another system: late, and without any ledger.
    Case.objects.update(ledger_generation=99)

    causes = json.loads(report("ii-07a", "--format", "json"))
    page = sign_in(world.controller).get(PAGE, MARCH).content.decode()

    missing = dict.fromkeys(("regulation", "officers", "coordination"))
    assert causes["total"] == {"late": 3, **missing, "untold": 3}
    assert [row["officers"] for row in causes["rows"]] == [None]
    cells = re.findall(r'<td class="num"[^>]*>(?:<a [^>]*>)?([^<]*)<', page)
    assert cells == ["3", "–", "–", "–", "3"] * 2
    assert page.count("part=cause") == 4


def test_one_case_of_which_the_cause_is_known_makes_the_others_numbers(world: World) -> None:
    Case.objects.filter(pk=Case.objects.order_by("pk")[0].pk).update(ledger_generation=99)

    causes = json.loads(report("ii-07a", "--format", "json"))

    told = {"late": 3, "regulation": None, "officers": 2, "coordination": 0, "untold": 1}
    assert causes["total"] == told


def test_text_and_workbook_tell_the_same(world: World) -> None:
    text = report("ii-07a")
    response = sign_in(world.dung).get(WORKBOOK, MARCH)

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert ("TỔNG CỘNG", 3, "–", 3, 0, 0) in rows
    assert re.search(r"TỔNG CỘNG\s+3\s+–\s+3\s+0\s+0", text)
    assert "ii_07a_H19.01_20230301-20230331.xlsx" in response["Content-Disposition"]


def test_a_cell_that_does_not_exist_is_refused_in_words(world: World) -> None:
    for part in ("cause:WEATHER:", "cause::XX", "cause:REGULATION:"):
        response = sign_in(world.dung).get(LIST, {**MARCH, "part": part})

        assert response.status_code == 400
        assert "Trong kỳ này không có phần nào mang tên" in words(response)


def test_the_page_costs_as_many_queries_for_many_late_cases(world: World) -> None:
    client = sign_in(world.dung)
    slow = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))
    few = count_queries(client, f"{PAGE}{ASKED}")
    copy_case(slow, 40)

    assert count_queries(client, f"{PAGE}{ASKED}") == few

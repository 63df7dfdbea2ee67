"""Entering a figure: by its owner, with a reason, once and again, never changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from motcua.audit.models import Entry
from motcua.people.actions import NotAllowed
from motcua.people.queries import get_person
from motcua.reporting.actions import CannotEnterFigure, enter_figure
from motcua.reporting.entered_queries import find_entered, list_history
from motcua.reporting.models import EnteredFigure
from motcua.reporting.tests.province import AFTER_Q1, Q1_FIRST, Q1_LAST, Province, make_officer
from motcua.reporting.unit_and_period import get_period, get_unit


def enter(province: Province, username: str = "ha", **values: Any) -> EnteredFigure:
    usual: dict[str, Any] = {
        "officer": get_person(username=username),
        "unit": get_unit("H19.01", on=Q1_LAST),
        "period": get_period(first_day=Q1_FIRST, last_day=Q1_LAST, now=AFTER_Q1),
        "indicator_id": "survey_slips",
        "value": Decimal(381335),
        "reason": "Báo cáo của Trung tâm",
        "now": AFTER_Q1,
    }
    return enter_figure(**{**usual, **values})


@pytest.fixture
def office(province: Province) -> Province:
    make_officer("ha", province.office, "OFFICER")
    make_officer("an", province.centre, "CLERK")
    make_officer("cuong", province.department, "OFFICER")
    return province


@pytest.mark.parametrize("username", ["an", "cuong"])
def test_whoever_does_not_own_the_figure_may_not_enter_it(office: Province, username: str) -> None:
    with pytest.raises(NotAllowed):
        enter(office, username)


def test_a_figure_is_replaced_and_its_history_is_kept(office: Province) -> None:
    period = get_period(first_day=Q1_FIRST, last_day=Q1_LAST, now=AFTER_Q1)
    enter(office, value=Decimal(381000))
    enter(office, reason="Đếm lại")

    newest = find_entered(office.office.pk, period)["survey_slips"]
    history = list_history(office.office.pk, period, "survey_slips")

    assert (newest.value, newest.reason) == (Decimal(381335), "Đếm lại")
    assert newest.entered_by == "Ha"
    assert [one.value for one in history] == [381335, 381000]
    told = Entry.objects.filter(subject="agency:H19.01", event="report.figure_entered")
    assert [entry.facts["value"] for entry in told.order_by("number")] == ["381000", "381335"]


def test_a_figure_is_taken_back(office: Province) -> None:
    enter(office)
    enter(office, value=None, reason="Nhập nhầm kỳ")
    period = get_period(first_day=Q1_FIRST, last_day=Q1_LAST, now=AFTER_Q1)

    assert find_entered(office.office.pk, period)["survey_slips"].value is None


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"indicator_id": "done"}, "không phải số liệu nhập tay"),
        ({"indicator_id": "weather"}, "không phải số liệu nhập tay"),
        ({"reason": "  "}, "Chưa ghi căn cứ"),
        ({"value": Decimal(-1)}, "từ 0 trở lên"),
        ({"value": Decimal("1.5")}, "nhiều nhất 0 chữ số thập phân"),
        ({"indicator_id": "staff_reduced_percent", "value": Decimal(101)}, "từ 0 đến 100"),
    ],
)
def test_what_is_no_figure_is_refused(
    office: Province, values: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CannotEnterFigure, match=problem):
        enter(office, **values)

    assert not EnteredFigure.objects.exists()


def test_the_database_refuses_to_change_an_entered_figure(office: Province) -> None:
    figure = enter(office)

    with pytest.raises(DatabaseError), transaction.atomic():
        EnteredFigure.objects.filter(pk=figure.pk).update(value=1)

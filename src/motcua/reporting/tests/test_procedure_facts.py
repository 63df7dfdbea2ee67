"""Procedures that the service index counts: what is online and used, the page that lists them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from motcua.cases.models import Case
from motcua.procedures.models import Procedure, Revision
from motcua.reporting.definitions import get_form
from motcua.reporting.filled_forms import CannotOpenFigure, open_procedures
from motcua.reporting.tests.province import (
    Q1_FIRST,
    Q1_LAST,
    Province,
    make_field,
    make_officer,
    make_revision,
)
from motcua.reporting.tests.test_filled_forms import filled, question, total

COUNTS = {"procedures_in_force": 3, "procedures_online": 2, "services_used": 1}
PAGE = "/bao-cao/bieu/service_index/thu-tuc/"
ASKED = {"first_day": f"{Q1_FIRST:%d/%m/%Y}", "last_day": f"{Q1_LAST:%d/%m/%Y}"}


@pytest.fixture
def online(quarter: Province) -> Province:
    """Two procedures online, one of them used; one that has ended, one of a vertical agency."""
    Revision.objects.filter(procedure__field__code="DD").update(online="FULL")
    Revision.objects.filter(procedure__field__code="TNN").update(online="PARTIAL")
    ended = make_revision(make_field("KT", "Đã bãi bỏ"), quarter.office)
    Revision.objects.filter(pk=ended.pk).update(ends_on=Q1_LAST, online="FULL")
    vertical = make_revision(make_field("ND", "Ngành dọc"), quarter.office)
    Procedure.objects.filter(pk=vertical.procedure_id).update(level="VERTICAL")
    received = Case.objects.filter(field__code="TNN", received_at__gte=question().period.starts_at)
    Case.objects.filter(pk=received[0].pk).update(channel="ONLINE")
    # Filed online before the period: that does not make it a service in use.
    Case.objects.filter(field__code="DD").update(channel="ONLINE")
    return quarter


def service_index(**values: Any) -> Any:
    return filled("service_index", unit="H19", include_subordinate=True, **values)


def test_procedures_online_and_in_use_are_counted_and_give_points(online: Province) -> None:
    form = service_index()

    assert total(form, *COUNTS) == list(COUNTS.values())
    rates = [
        str(form.printed(form.catalogue.indicators[name], form.total.values))
        for name in ("si_3_1_rate", "si_3_2_rate")
    ]
    assert rates == ["66.67", "50.00"]
    # 66.67% of the 80% that give 2 points; 50% of the 4 points for services in use.
    assert float(form.total.values["si_3_1"]) == pytest.approx(2 * 66.6667 / 80, abs=1e-4)
    assert form.total.values["si_3_2"] == 2


def test_each_count_opens_to_as_many_procedures_as_it_says(online: Province) -> None:
    client = Client()
    client.force_login(make_officer("dung", online.office, "CONTROLLER"))

    for name, count in COUNTS.items():
        page = client.get(PAGE, {**ASKED, "indicator": name}).content.decode()
        assert page.count('class="cell-title') == count, name
    origin = client.get(
        PAGE.replace("thu-tuc", "tu-dau"), {**ASKED, "indicator": "si_3_2_rate"}
    ).content.decode()
    assert "indicator=services_used" in origin
    assert "Đếm từ danh mục thủ tục có hiệu lực ngày 14/03/2023" in origin


def test_who_may_not_report_does_not_see_the_list(online: Province) -> None:
    client = Client()
    assert client.get(PAGE, {**ASKED, "indicator": "services_used"}).status_code == 302

    client.force_login(make_officer("mai", online.department, "OFFICER"))
    assert client.get(PAGE, {**ASKED, "indicator": "services_used"}).status_code == 403


def test_a_figure_that_counts_no_procedures_is_refused(online: Province) -> None:
    form = get_form("service_index", Q1_LAST)

    with pytest.raises(CannotOpenFigure, match="không phải số đếm thủ tục"):
        open_procedures(form, question(), indicator_id="online_share")
    with pytest.raises(CannotOpenFigure, match="không có ô"):
        open_procedures(form, question(), indicator_id="moon")

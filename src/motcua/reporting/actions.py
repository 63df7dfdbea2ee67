"""What can be done with reports: enter a figure that the work does not tell."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine.formulas import Kind
from motcua.engine.vietnamese import tidy
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting.definitions import get_catalogue
from motcua.reporting.models import EnteredFigure
from motcua.reporting.unit_and_period import CannotReport, Period, Unit, require_existence

LARGEST = Decimal(10) ** 11
MOST_PERCENT = 100


class CannotEnterFigure(CannotReport):
    """The indicator is not entered, the figure is not one of its kind, or the reason is missing."""


@transaction.atomic(durable=True)
def enter_figure(
    *,
    officer: people.Person,
    unit: Unit,
    period: Period,
    indicator_id: str,
    value: Decimal | None,
    reason: str,
    note: str = "",
    now: datetime,
) -> EnteredFigure:
    """Enter an agency's figure for a period, or replace it; None takes it back.

    Raises NotAllowed, CannotEnterFigure, CannotReportUnit.
    """
    people_actions.require(
        officer, "reports.enter", now=now, agency_id=unit.id, agency_path=unit.path
    )
    require_existence(unit, period)
    reason = tidy(reason)
    _require_fit(indicator_id, value, reason, period)
    subject = f"agency:{unit.code}"
    audit.hold(subject)
    figure = EnteredFigure.objects.create(
        agency_id=unit.id,
        indicator=indicator_id,
        first_day=period.first_day,
        last_day=period.last_day,
        value=value,
        note=tidy(note),
        reason=reason,
        entered_at=now,
        entered_by_id=officer.id,
    )
    audit.record(
        event="report.figure_entered",
        subject=subject,
        actor_id=officer.id,
        at=now,
        because=reason,
        facts={
            "indicator": indicator_id,
            "first_day": f"{period.first_day}",
            "last_day": f"{period.last_day}",
            "value": None if value is None else f"{value.normalize():f}",
        },
    )
    return figure


def _require_fit(indicator_id: str, value: Decimal | None, reason: str, period: Period) -> None:
    indicator = get_catalogue(period.last_day).indicators.get(indicator_id)
    if indicator is None or not indicator.owner:
        raise CannotEnterFigure(
            _(
                "“%(name)s” không phải số liệu nhập tay: hệ thống đếm hoặc tính từ số khác. Hãy mở “Con số "
                "này từ đâu?” để xem cách tính."
            )
            % {"name": indicator.name.vi if indicator else indicator_id}
        )
    if not reason:
        raise CannotEnterFigure(
            _("Chưa ghi căn cứ của số liệu. Hãy ghi lấy từ văn bản, sổ hoặc hệ thống nào.")
        )
    if value is None:
        return
    values = {"name": indicator.name.vi, "value": f"{value:f}".replace(".", ",")}
    if value < 0 or value >= LARGEST:
        raise CannotEnterFigure(
            _("%(name)s không thể là %(value)s. Hãy ghi một số từ 0 trở lên.") % values
        )
    if indicator.kind is Kind.PERCENT and value > MOST_PERCENT:
        raise CannotEnterFigure(
            _("%(name)s là tỷ lệ, không thể là %(value)s. Hãy ghi một số từ 0 đến 100.") % values
        )
    if value != value.quantize(Decimal(1).scaleb(-indicator.decimals)):
        raise CannotEnterFigure(
            _("%(name)s ghi nhiều nhất %(decimals)s chữ số thập phân, không phải %(value)s.")
            % {**values, "decimals": indicator.decimals}
        )

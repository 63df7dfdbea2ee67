"""Pages of entered figures: all of a unit and period, and one with its form and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.clock import queries as clock
from motcua.engine.auditor import UnreadableNumber, read_number
from motcua.engine.indicators import Catalogue, Indicator
from motcua.look import formats
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting import (
    actions,
    definitions,
    entered_queries,
    figure_explanations,
    queries,
    wording,
)
from motcua.reporting.form_views import person_of
from motcua.reporting.forms import OneStopForm


class FigureForm(forms.Form):
    """A figure, where it comes from, and a note that is printed beside it."""

    value = forms.CharField(
        label=gettext_lazy("Số liệu"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("Ghi như 1.234 hoặc 99,48. Để trống nếu muốn rút lại số đã nhập."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=500,
        error_messages={
            "required": gettext_lazy(
                "Chưa ghi căn cứ của số liệu. Hãy ghi lấy từ văn bản, sổ hoặc hệ thống nào."
            )
        },
        help_text=gettext_lazy("Lấy từ văn bản, sổ hoặc hệ thống nào; nhập lại thì ghi vì sao."),
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú in trong biểu"), required=False, max_length=300
    )

    def clean_value(self) -> Decimal | None:
        """Read the figure as it is written in Viet Nam."""
        try:
            printed = read_number(self.cleaned_data["value"])
        except UnreadableNumber as unreadable:
            said = unreadable.because.text(get_language() or "vi")
            raise forms.ValidationError(f"{said[:1].upper()}{said[1:]}.") from unreadable
        return printed.value if printed else None


@require_safe
@login_required
def entered(request: HttpRequest) -> HttpResponse:
    """Show every entered figure of a unit and period."""
    now = clock.now()
    asked = _read(request)
    form, question = asked
    if question is None:
        return render(request, "reporting/entered.html", {"form": form}, status=400)
    unit, period = question
    people_actions.require(
        person_of(request), "reports.see", now=now, agency_id=unit.id, agency_path=unit.path
    )
    language = get_language() or "vi"
    found = entered_queries.find_entered(unit.id, period)
    lines = list(_lines(definitions.get_catalogue(period.last_day), found, question, language))
    context = {
        "form": form,
        "unit": unit.label(language),
        "period": wording.write_period(period, language),
        "lines": lines,
        "done": sum(bool(line["entered"]) for line in lines),
    }
    return render(request, "reporting/entered.html", context)


def _lines(
    catalogue: Catalogue,
    found: dict[str, entered_queries.Entered],
    question: tuple[queries.Unit, queries.Period],
    language: str,
) -> Iterator[dict[str, Any]]:
    for name, indicator in catalogue.indicators.items():
        if indicator.owner:
            one = found.get(name)
            yield {
                "name": indicator.name.text(language),
                "unit": indicator.unit.text(language),
                "figure": _figure(indicator, one),
                "entered": one,
                "url": figure_explanations.entering_address("enter", *question, name),
            }


def _figure(indicator: Indicator, one: entered_queries.Entered | None) -> str:
    return formats.write_number(one.value if one else None, indicator.decimals)


@require_http_methods(["GET", "POST"])
@login_required
def enter(request: HttpRequest, indicator: str) -> HttpResponse:
    """Show one figure with its history, and take a new one."""
    now = clock.now()
    form, question = _read(request)
    if question is None:
        return render(request, "reporting/entered.html", {"form": form}, status=400)
    unit, period = question
    person = person_of(request)
    people_actions.require(person, "reports.see", now=now, agency_id=unit.id, agency_path=unit.path)
    if request.method != "POST":
        return _show(request, question, indicator, FigureForm())
    figure = FigureForm(request.POST)
    if not figure.is_valid():
        return _show(request, question, indicator, figure, status=422)
    try:
        actions.enter_figure(
            officer=person,
            unit=unit,
            period=period,
            indicator_id=indicator,
            now=now,
            **figure.cleaned_data,
        )
    except queries.CannotReport as refusal:
        figure.add_error(None, str(refusal))
        return _show(request, question, indicator, figure, status=422)
    messages.success(request, _("Đã ghi số liệu."))
    return redirect(figure_explanations.entering_address("enter", *question, indicator))


def _show(
    request: HttpRequest,
    question: tuple[queries.Unit, queries.Period],
    indicator_id: str,
    figure: FigureForm,
    *,
    status: int = 200,
) -> HttpResponse:
    unit, period = question
    language = get_language() or "vi"
    indicator = definitions.get_catalogue(period.last_day).indicators.get(indicator_id)
    history = entered_queries.list_history(unit.id, period, indicator_id)
    scope = people.scope_of(person_of(request), "reports.enter", now=clock.now())
    may_enter = scope.covers(agency_id=unit.id, agency_path=unit.path)
    is_entered = indicator is not None and bool(indicator.owner)
    context = {
        "form": figure,
        "name": indicator.name.text(language) if indicator else indicator_id,
        "definition": indicator.definition.text(language) if indicator else "",
        "why": _why(indicator, language),
        "unit": unit.label(language),
        "period": wording.write_period(period, language),
        "history": [
            {**asdict(one), "figure": _figure(indicator, one)} for one in history if indicator
        ],
        "may_enter": may_enter and is_entered,
        "who_enters": figure_explanations.name_who_enters(unit, language) if is_entered else "",
        "back_url": figure_explanations.entering_address("entered", *question),
    }
    return render(request, "reporting/enter.html", context, status=status)


def _why(indicator: Indicator | None, language: str) -> str:
    """Return why a figure is entered and not counted, where the law data say so."""
    return indicator.why_entered.text(language) if indicator and indicator.why_entered else ""


def _read(
    request: HttpRequest,
) -> tuple[OneStopForm, tuple[queries.Unit, queries.Period] | None]:
    """Return the form as filled in, and the unit and period once they make sense."""
    now = clock.now()
    person = person_of(request)
    people_actions.require(person, "reports.see", now=now)
    units = queries.list_reporting_units(person, now=now)
    periods = queries.list_named_periods(now=now)
    data = request.GET.dict()
    if "unit" not in data:
        first = next((unit for unit in units if unit.kind == "OFFICE"), units[0])
        newest = queries.find_newest_period(first.code, periods, now=now)
        data = {"unit": first.code, "period": newest.name if newest else "", **data}
    form = OneStopForm(data, units=units, periods=periods)
    if not form.is_valid():
        return form, None
    wanted = form.cleaned_data
    try:
        days = {"first_day": wanted["first_day"], "last_day": wanted["last_day"]}
        period = queries.get_period(**days, now=now)
        return form, (queries.get_unit(wanted["unit"], on=wanted["last_day"]), period)
    except queries.CannotReport as refusal:
        form.add_error(None, str(refusal))
        return form, None

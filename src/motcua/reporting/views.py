"""Pages of the reports: the one-stop table and lateness, the case files of a figure, XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.cases import actions as case_actions
from motcua.clock import queries as clock
from motcua.engine.periods import Period as NamedPeriod
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting import (
    cause_pages,
    late_causes,
    lateness_pages,
    on_the_spot_pages,
    pages,
    queries,
    workbook,
)
from motcua.reporting import lateness as late
from motcua.reporting import lateness_workbook as late_workbook
from motcua.reporting import on_the_spot as spot
from motcua.reporting.form_views import page_number
from motcua.reporting.forms import OneStopForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ONE_STOP_TABLE, LATENESS = "reporting/one_stop_table.html", "reporting/lateness.html"
CAUSES = "reporting/causes.html"
ON_THE_SPOT = "reporting/on_the_spot.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a request asks for: the form as filled in, and its question once it makes sense."""

    form: OneStopForm
    question: Mapping[str, Any] | None


@require_safe
@login_required
def one_stop_table(request: HttpRequest) -> HttpResponse:
    """Show the form and the table of the unit and period asked for, at first of the newest work."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return refuse(request, asked.form)
    try:
        table = queries.get_one_stop_table(**asked.question)
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal)
    page = pages.table_page(table, language=get_language() or "vi")
    return render(request, ONE_STOP_TABLE, {"form": asked.form, "page": page})


@require_safe
@login_required
def one_stop_cases(request: HttpRequest) -> HttpResponse:
    """List the case files behind a cell of the table."""
    now = clock.now()
    asked = read_question(request, now=now)
    if asked.question is None:
        return refuse(request, asked.form)
    try:
        cell = queries.list_cell_cases(
            **asked.question,
            field_code=request.GET.get("field") or None,
            column=request.GET.get("column", ""),
            page=page_number(request),
        )
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal)
    visible = queries.list_visible_case_ids(cell.cases, officer=_person(request), now=now)
    context = {
        "page": pages.cases_page(cell, visible=visible, language=get_language() or "vi"),
        "numbers": Paginator(range(cell.count), cell.per_page).page(cell.page),
    }
    return render(request, "reporting/one_stop_cases.html", context)


@require_safe
@login_required
def one_stop_explanation(request: HttpRequest) -> HttpResponse:
    """Explain a column, with the figures of one row: what it counts, by which law, from which parts."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return refuse(request, asked.form)
    try:
        explanation = pages.explain_cell(
            queries.get_one_stop_table(**asked.question),
            column_id=request.GET.get("column", ""),
            field_code=request.GET.get("field") or None,
            language=get_language() or "vi",
        )
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal)
    return render(request, "reporting/one_stop_explanation.html", {"page": explanation})


@require_safe
@login_required
def one_stop_workbook(request: HttpRequest) -> HttpResponse:
    """Send the table as an Excel workbook."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return refuse(request, asked.form)
    try:
        table = queries.get_one_stop_table(**asked.question)
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal)
    response = HttpResponse(workbook.build_workbook(table), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{workbook.file_name(table)}"'
    return response


@require_safe
@login_required
def lateness(request: HttpRequest) -> HttpResponse:
    """Show who lost the time of the late case files of a unit and period."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return refuse(request, asked.form, template=LATENESS)
    try:
        found = late.get_lateness(**asked.question)
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal, template=LATENESS)
    page = lateness_pages.lateness_page(found, language=get_language() or "vi")
    return render(request, LATENESS, {"form": asked.form, "page": page})


@require_safe
@login_required
def lateness_cases(request: HttpRequest) -> HttpResponse:
    """List the late case files behind a figure of the page of lateness."""
    now = clock.now()
    asked = read_question(request, now=now)
    if asked.question is None:
        return refuse(request, asked.form, template=LATENESS)
    try:
        found = late.get_lateness(**asked.question)
        part = request.GET.get("part", "")
        choose = late_causes.choose_of_cause if part.startswith("cause:") else late.choose_cases
        wanted = choose(found, part)
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal, template=LATENESS)
    page = Paginator(wanted.cases, queries.CASES_PER_PAGE).get_page(page_number(request))
    visible = queries.list_visible_case_ids(page.object_list, officer=_person(request), now=now)
    context = {
        "page": lateness_pages.cases_page(
            found, wanted, page, visible=visible, language=get_language() or "vi"
        ),
        "numbers": page,
    }
    return render(request, "reporting/lateness_cases.html", context)


@require_safe
@login_required
def lateness_workbook(request: HttpRequest) -> HttpResponse:
    """Send the lateness of a unit and period as an Excel workbook."""
    now = clock.now()
    asked = read_question(request, now=now)
    if asked.question is None:
        return refuse(request, asked.form, template=LATENESS)
    try:
        found = late.get_lateness(**asked.question)
        case_actions.note_export(
            officer=_person(request),
            what="lateness",
            rows=len(found.cases),
            narrowed=late.narrowed(found),
            now=now,
        )
    except (queries.CannotReport, case_actions.CannotExport) as refusal:
        return refuse(request, asked.form, refusal, template=LATENESS)
    response = HttpResponse(late_workbook.build_workbook(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{late_workbook.file_name(found)}"'
    return response


@require_safe
@login_required
def causes(request: HttpRequest) -> HttpResponse:
    """Show form II.07a: the late case files of a unit and period by field and cause."""
    form, table = _read_causes(request)
    if table is None:
        return render(request, CAUSES, {"form": form}, status=400)
    page = cause_pages.causes_page(table, language=get_language() or "vi")
    return render(request, CAUSES, {"form": form, "page": page})


@require_safe
@login_required
def causes_workbook(request: HttpRequest) -> HttpResponse:
    """Send form II.07a as an Excel workbook."""
    form, table = _read_causes(request)
    if table is None:
        return render(request, CAUSES, {"form": form}, status=400)
    content = cause_pages.build_workbook(table, language=get_language() or "vi")
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{cause_pages.file_name(table)}"'
    return response


def _read_causes(request: HttpRequest) -> tuple[OneStopForm, late_causes.CauseTable | None]:
    """Return the form as filled in, and the table unless the question makes no sense."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return asked.form, None
    try:
        return asked.form, late_causes.table_causes(late.get_lateness(**asked.question))
    except queries.CannotReport as refusal:
        asked.form.add_error(None, str(refusal))
        return asked.form, None


@require_safe
@login_required
def on_the_spot(request: HttpRequest) -> HttpResponse:
    """Show which procedures of a unit and period are settled where they are received."""
    form, found = _read_on_the_spot(request)
    if found is None:
        return render(request, ON_THE_SPOT, {"form": form}, status=400)
    page = on_the_spot_pages.spot_page(
        found,
        level=request.GET.get("level", ""),
        only=request.GET.get("only", ""),
        language=get_language() or "vi",
    )
    return render(request, ON_THE_SPOT, {"form": form, "page": page})


@require_safe
@login_required
def on_the_spot_cases(request: HttpRequest) -> HttpResponse:
    """List the case files behind a figure of a procedure."""
    form, found = _read_on_the_spot(request)
    if found is None:
        return render(request, ON_THE_SPOT, {"form": form}, status=400)
    number, mark = page_number(request), request.GET.get("mark", "")
    try:
        total, cases = spot.list_spot_cases(
            found,
            level=request.GET.get("level", ""),
            code=request.GET.get("code", ""),
            mark=mark,
            page=number,
            per_page=queries.CASES_PER_PAGE,
        )
    except queries.CannotReport as refusal:
        return refuse(request, form, refusal, template=ON_THE_SPOT)
    visible = queries.list_visible_case_ids(cases, officer=_person(request), now=clock.now())
    code = request.GET.get("code", "")[:40]
    context = {
        "page": on_the_spot_pages.spot_page(
            found, level="", only="", language=get_language() or ""
        ),
        "title": f"{code}: {on_the_spot_pages.mark_names()[mark]}",
        "lines": on_the_spot_pages.case_lines(cases, visible=visible),
        "numbers": Paginator(range(total), queries.CASES_PER_PAGE).get_page(number),
    }
    return render(request, "reporting/on_the_spot_cases.html", context)


@require_safe
@login_required
def on_the_spot_workbook(request: HttpRequest) -> HttpResponse:
    """Send what is settled on the spot as an Excel workbook."""
    form, found = _read_on_the_spot(request)
    if found is None:
        return render(request, ON_THE_SPOT, {"form": form}, status=400)
    content = on_the_spot_pages.build_workbook(found, language=get_language() or "vi")
    response = HttpResponse(content, content_type=XLSX)
    name = on_the_spot_pages.file_name(found)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read_on_the_spot(request: HttpRequest) -> tuple[OneStopForm, spot.OnTheSpot | None]:
    """Return the form as filled in, and what was found unless the question makes no sense."""
    asked = read_question(request, now=clock.now())
    if asked.question is None:
        return asked.form, None
    try:
        return asked.form, spot.get_on_the_spot(**asked.question)
    except queries.CannotReport as refusal:
        asked.form.add_error(None, str(refusal))
        return asked.form, None


def read_question(request: HttpRequest, *, now: datetime) -> Asked:
    """Read the question of a request; raise NotAllowed where the person may not report."""
    person = _person(request)
    people_actions.require(person, "reports.see", now=now)
    units = queries.list_reporting_units(person, now=now)
    periods = queries.list_named_periods(now=now)
    data = request.GET if "unit" in request.GET else _first_question(units, periods, now=now)
    form = OneStopForm(data, units=units, periods=periods)
    if not form.is_valid():
        return Asked(form=form, question=None)
    wanted = form.cleaned_data
    try:
        unit = queries.get_unit(wanted["unit"], on=wanted["last_day"])
    except queries.CannotReportUnit as refusal:
        form.add_error("unit", str(refusal))
        return Asked(form=form, question=None)
    question = {
        "unit": unit,
        "first_day": wanted["first_day"],
        "last_day": wanted["last_day"],
        "include_subordinate": wanted["include_subordinate"],
        "now": now,
    }
    queries.require_reader(
        person, unit=unit, include_subordinate=wanted["include_subordinate"], now=now
    )
    return Asked(form=form, question=question)


def _first_question(
    units: tuple[queries.UnitChoice, ...],
    periods: tuple[NamedPeriod, ...],
    *,
    now: datetime,
) -> dict[str, str]:
    """Return what to ask before anybody chose: the Office or the first unit, its newest quarter."""
    unit = next((unit for unit in units if unit.kind == "OFFICE"), units[0])
    period = queries.find_newest_period(unit.code, periods, now=now)
    return {"unit": unit.code, "period": period.name if period else ""}


def refuse(
    request: HttpRequest,
    form: OneStopForm,
    refusal: Exception | None = None,
    *,
    template: str = ONE_STOP_TABLE,
) -> HttpResponse:
    """Show the form again with what is wrong with the question."""
    if refusal is not None:
        form.add_error(None, str(refusal))
    return render(request, template, {"form": form}, status=400)


def _person(request: HttpRequest) -> people.Person:
    person: people.Person = request.person  # type: ignore[attr-defined]
    return person

"""Pages of the forms: the list of reports, a filled form, where a figure comes from, its rows, XLSX."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting import (
    definitions,
    figure_explanations,
    filled_forms,
    form_checks,
    form_pages,
    form_workbook,
    late_causes,
    queries,
)
from motcua.reporting.definitions import FormDefinition, Setting
from motcua.reporting.filled_forms import ROWS_PER_PAGE, Question
from motcua.reporting.question_form import ROW_NAMES, QuestionForm, filled_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a request asks for: the form as filled in, and its question once it makes sense."""

    definition: FormDefinition
    settings: tuple[Setting, ...]
    form: QuestionForm
    question: Question | None
    now: datetime

    @property
    def title(self) -> str:
        """The name of the form in the language of the reader."""
        return self.definition.title.text(get_language() or "vi")

    @property
    def address(self) -> form_pages.Address:
        """The addresses of pages about the same question."""
        assert self.question is not None
        return form_pages.address_of(self.definition.key, self.question, self.form.chosen())


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """List every report that there is."""
    now = clock.now()
    people_actions.require(person_of(request), "reports.see", now=now)
    language = get_language() or "vi"
    forms = [
        {"key": one.key, "number": one.number, "title": one.title.text(language)}
        for one in definitions.list_forms(people.day_of(now))
    ]
    causes = late_causes.get_cause_form(people.day_of(now))
    context = {"forms": forms, "causes_number": causes.number}
    return render(request, "reporting/index.html", context)


@require_safe
@login_required
def form(request: HttpRequest, key: str) -> HttpResponse:
    """Show a form filled for the unit and period asked for."""
    asked = _read(request, key)
    if asked.question is None:
        return _refuse(request, asked)
    language = get_language() or "vi"
    try:
        filled = filled_forms.fill_form(asked.definition, asked.question)
    except queries.CannotReport as refusal:
        return _refuse(request, asked, refusal)
    page = form_pages.form_page(
        filled,
        address=asked.address,
        settings=asked.settings,
        chosen=asked.form.chosen(),
        row_head=str(ROW_NAMES[asked.question.rows_by]).capitalize(),
        language=language,
    )
    context = {
        "form": asked.form,
        "page": page,
        "asked": asked,
        "checks": form_checks.list_checks(
            filled, chosen=asked.form.chosen(), language=language, now=asked.now
        ),
    }
    return render(request, "reporting/form.html", context)


@require_safe
@login_required
def form_explanation(request: HttpRequest, key: str) -> HttpResponse:
    """Tell where a figure comes from: formula, parts, law, cut-off, who entered it."""
    asked = _read(request, key)
    if asked.question is None:
        return _refuse(request, asked)
    try:
        filled = filled_forms.fill_form(asked.definition, asked.question)
        indicator = filled_forms.indicator_of(filled, request.GET.get("indicator", ""))
    except queries.CannotReport as refusal:
        return _refuse(request, asked, refusal)
    unit = filled_forms.who_enters(asked.definition, asked.question)
    scope = people.scope_of(person_of(request), "reports.enter", now=asked.now)
    may_enter = scope.covers(agency_id=unit.id, agency_path=unit.path)
    page = figure_explanations.explain_figure(
        filled,
        indicator=indicator,
        row_key=request.GET.get("row", ""),
        address=asked.address,
        entering=figure_explanations.Entering(unit=unit, may_enter=may_enter),
        language=get_language() or "vi",
    )
    return render(request, "reporting/form_explanation.html", {"page": page})


@require_safe
@login_required
def form_cases(request: HttpRequest, key: str) -> HttpResponse:
    """List the case files behind a figure of a form."""
    asked = _read(request, key)
    if asked.question is None:
        return _refuse(request, asked)
    try:
        opened = filled_forms.open_figure(
            asked.definition,
            asked.question,
            indicator_id=request.GET.get("indicator", ""),
            row_key=request.GET.get("row", ""),
            page=page_number(request),
        )
    except queries.CannotReport as refusal:
        return _refuse(request, asked, refusal)
    visible = filled_forms.list_visible_ids(opened.cases, officer=person_of(request), now=asked.now)
    language = get_language() or "vi"
    context = {
        "asked": asked,
        "opened": opened,
        "figure": opened.indicator.name.text(language),
        "definition": opened.indicator.definition.text(language),
        "row": form_pages.row_name(opened.row, language),
        "lines": form_pages.case_lines(opened, visible=visible, per_page=ROWS_PER_PAGE),
        "form_url": asked.address.of("form"),
        "numbers": Paginator(range(opened.count), ROWS_PER_PAGE).page(opened.page),
    }
    return render(request, "reporting/form_cases.html", context)


@require_safe
@login_required
def form_procedures(request: HttpRequest, key: str) -> HttpResponse:
    """List the procedures behind a figure of a form."""
    asked = _read(request, key)
    if asked.question is None:
        return _refuse(request, asked)
    try:
        indicator, found = filled_forms.open_procedures(
            asked.definition, asked.question, indicator_id=request.GET.get("indicator", "")
        )
    except queries.CannotReport as refusal:
        return _refuse(request, asked, refusal)
    language = get_language() or "vi"
    context = {
        "asked": asked,
        "figure": indicator.name.text(language),
        "definition": indicator.definition.text(language),
        "count": len(found),
        "origin": figure_explanations.words_of_count(indicator, asked.question, language),
        "form_url": asked.address.of("form"),
        "page": Paginator(found, ROWS_PER_PAGE).get_page(page_number(request)),
    }
    return render(request, "reporting/form_procedures.html", context)


@require_safe
@login_required
def form_as_workbook(request: HttpRequest, key: str) -> HttpResponse:
    """Send a filled form as an Excel workbook."""
    asked = _read(request, key)
    if asked.question is None:
        return _refuse(request, asked)
    try:
        filled = filled_forms.fill_form(asked.definition, asked.question)
    except queries.CannotReport as refusal:
        return _refuse(request, asked, refusal)
    content = form_workbook.build_workbook(filled, asked.settings, asked.form.chosen())
    response = HttpResponse(content, content_type=XLSX)
    name = form_workbook.file_name(filled)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read(request: HttpRequest, key: str) -> Asked:
    """Read the question of a request; raise NotAllowed where the person may not report."""
    now = clock.now()
    person = person_of(request)
    people_actions.require(person, "reports.see", now=now)
    today = people.day_of(now)
    try:
        definition = definitions.get_form(key, today)
    except definitions.CannotFindForm as refusal:
        raise Http404(str(refusal)) from refusal
    settings = definitions.list_settings(today)
    units = queries.list_reporting_units(person, now=now)
    periods = queries.list_named_periods(now=now)
    data = filled_in(request.GET.dict(), settings, definition.rows)
    if "period" not in data and "first_day" not in data:
        first = next((unit for unit in units if unit.kind == "OFFICE"), units[0])
        newest = queries.find_newest_period(first.code, periods, now=now)
        data["period"] = newest.name if newest else ""
    if "unit" not in data:
        data["unit"] = next((u for u in units if u.kind == "OFFICE"), units[0]).code
    form = QuestionForm(
        data, units=units, periods=periods, definition=definition, settings=settings
    )
    asked = Asked(definition=definition, settings=settings, form=form, question=None, now=now)
    if not form.is_valid():
        return asked
    return _with_question(asked, person)


def _with_question(asked: Asked, person: people.Person) -> Asked:
    form, now = asked.form, asked.now
    first_day, last_day = form.days()
    is_of_province = asked.definition.is_of_province
    try:
        definition = definitions.get_form(asked.definition.key, last_day)
        period = queries.get_period(first_day=first_day, last_day=last_day, now=now)
        code = None if is_of_province else form.cleaned_data["unit"]
        unit = (
            queries.get_province(on=last_day)
            if code is None
            else queries.get_unit(code, on=last_day)
        )
        queries.require_existence(unit, period)
    except queries.CannotReport as refusal:
        form.add_error(None, str(refusal))
        return asked
    below = is_of_province or form.cleaned_data["include_subordinate"]
    queries.require_reader(person, unit=unit, include_subordinate=below, now=now)
    question = Question(
        unit=unit,
        include_subordinate=below,
        period=period,
        rules=form.rules(),
        rows_by=form.row_part(),
        casts_back=form.cleaned_data["casts_back"],
    )
    return Asked(
        definition=definition, settings=asked.settings, form=form, question=question, now=now
    )


def _refuse(
    request: HttpRequest, asked: Asked, refusal: queries.CannotReport | None = None
) -> HttpResponse:
    if refusal is not None:
        asked.form.add_error(None, str(refusal))
    context = {"form": asked.form, "asked": asked}
    return render(request, "reporting/form.html", context, status=400)


def person_of(request: HttpRequest) -> people.Person:
    """Return the person who asks."""
    person: people.Person = request.person  # type: ignore[attr-defined]
    return person


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, the first unless it is a number."""
    asked = whole_number(request.GET.get("page"), most_digits=9)
    return 1 if asked is None else asked

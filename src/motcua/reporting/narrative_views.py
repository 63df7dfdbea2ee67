"""Pages of the narrative report: each figure in its sentence opens to where it comes from; DOCX."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.people import actions as people_actions
from motcua.reporting import queries, wording
from motcua.reporting.form_pages import address_of
from motcua.reporting.form_views import person_of
from motcua.reporting.narrative import OFFICE_FORM, Narrative, Piece, write_narrative

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@login_required
def narrative(request: HttpRequest) -> HttpResponse:
    """Show the narrative report of a period, the newest with work unless another is asked for."""
    names, chosen, found, refusal = _read(request)
    context: dict[str, Any] = {"periods": names, "chosen": chosen, "refusal": refusal}
    if found is None:
        return render(request, "reporting/narrative.html", context, status=400)
    language = get_language() or "vi"
    context |= {
        "title": found.title,
        "period": wording.write_period(found.period, language),
        "cut_off": wording.write_cut_off(found.period),
        "sections": [
            {
                "heading": section.heading,
                "paragraphs": [
                    [{"words": p.words, "url": _address(found, p)} for p in sentence]
                    for sentence in section.paragraphs
                ],
                "table_url": address_of(OFFICE_FORM, found.office.question, {}).of("form")
                if section.has_table
                else "",
            }
            for section in found.sections
        ],
        "missing": found.missing,
    }
    return render(request, "reporting/narrative.html", context)


@require_safe
@login_required
def narrative_as_document(request: HttpRequest) -> HttpResponse:
    """Send the narrative report as a text document."""
    names, chosen, found, refusal = _read(request)
    if found is None:
        context = {"periods": names, "chosen": chosen, "refusal": refusal}
        return render(request, "reporting/narrative.html", context, status=400)
    from motcua.reporting import narrative_document  # noqa: PLC0415 - slow to load

    response = HttpResponse(narrative_document.build_document(found), content_type=DOCX)
    name = narrative_document.file_name(found)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _address(found: Narrative, piece: Piece) -> str:
    if not piece.form:
        return ""
    filled = found.office if piece.form == OFFICE_FORM else found.province
    address = address_of(piece.form, filled.question, {})
    return address.of("form-explanation", indicator=piece.indicator, row=piece.row)


def _read(
    request: HttpRequest,
) -> tuple[list[tuple[str, str]], str, Narrative | None, str]:
    """Return the periods to choose from, the chosen one, and its report or why there is none."""
    now = clock.now()
    person = person_of(request)
    people_actions.require(person, "reports.see", now=now)
    language = get_language() or "vi"
    periods = queries.list_named_periods(now=now)
    names = [(period.name, wording.name_period(period, language)) for period in periods]
    chosen = request.GET.get("period", "")
    try:
        if not chosen:
            newest = queries.find_newest_period("", periods, now=now)
            chosen = newest.name if newest else names[0][0]
        named = queries.get_named_period(chosen)
        period = queries.get_period(first_day=named.first_day, last_day=named.last_day, now=now)
        unit = queries.get_province(on=period.last_day)
        queries.require_reader(person, unit=unit, include_subordinate=True, now=now)
        return names, chosen, write_narrative(period), ""
    except queries.CannotReport as refusal:
        return names, chosen, None, str(refusal)

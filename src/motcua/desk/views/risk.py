"""Late risk: the open cases of a unit by their chance of lateness, why, and how far to trust it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.cases import actions, calibration_queries, queries, risk_queries
from motcua.clock import queries as clock
from motcua.desk import chips, risk_words
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.look import formats
from motcua.people import actions as people_actions
from motcua.people import queries as people


@require_safe
@login_required
def late_risk(request: DeskRequest) -> HttpResponse:
    """List the open cases of the person's units, the most endangered first."""
    now = clock.now()
    people_actions.require(request.person, "reports.see", now=now)
    calendar, rules = lawbook.get_calendar(), lawbook.get_risk_rules(people.day_of(now))
    found = risk_queries.list_risky(request.person, now=now)
    page = Paginator(found.cases, PAGE_LENGTH).get_page(request.GET.get("page"))
    rows = [
        risk_words.RiskRow(
            case=one.case,
            open_step=one.open_step,
            risk_chip=risk_words.risk_chip(one, rules),
            due_chip=chips.case_chip(one.case, now=now, calendar=calendar),
        )
        for one in page.object_list
    ]
    context = {"page": page, "rows": rows, "count": found.count, "compared": len(found.cases)}
    return render(request, "desk/risk/late_risk.html", context)


@require_safe
@login_required
def explain_risk(request: DeskRequest, code: str) -> HttpResponse:
    """Explain the chance of lateness of one case, step by step."""
    now = clock.now()
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.late_risk_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    told = risk_queries.risk_of(page.case, now=now)
    rules = lawbook.get_risk_rules(people.day_of(now))
    context = {
        "case": page.case,
        "chip": risk_words.risk_chip(told, rules) if told else None,
        "reasons": told.risk.because if told and told.risk else (),
    }
    return render(request, "desk/risk/explain.html", context)


@require_safe
@login_required
def risk_calibration(request: DeskRequest) -> HttpResponse:
    """Show how well chances of lateness agreed with what came, on cases not learned from."""
    now = clock.now()
    people_actions.require(request.person, "reports.see", now=now)
    held_out = calibration_queries.judge_risks(request.person, now=now)
    found = held_out.calibration
    rules = lawbook.get_risk_rules(people.day_of(now))
    context = {"held_out": held_out, "verdict": risk_words.verdict(held_out, rules)}
    if found is not None:
        context |= {
            "brier": formats.write_number(round(found.brier, 4), 3),
            "of_average": formats.write_number(round(found.brier_of_average, 4), 3),
            "sentence": found.because.text(get_language() or "vi"),
            "bins": risk_words.show_bins(found.bins),
            "chart": risk_words.reliability_chart(found.bins),
            "calibration": found,
        }
    return render(request, "desk/risk/calibration.html", context)

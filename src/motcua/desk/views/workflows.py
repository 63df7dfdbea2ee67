"""Workflows: the list, one with its versions and drafts, one version, and the comparison of steps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import migration_queries
from motcua.clock import queries as clock
from motcua.desk import step_page, workflow_page
from motcua.desk.workflow_forms import DayForm, NewWorkflowForm, WorkflowSearchForm
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions, overview_queries, starting_charts, step_queries

PAGE_LENGTH = 50


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_safe
@login_required
def workflows(request: DeskRequest) -> HttpResponse:
    """List the workflows, found by words, field, owner and state."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    state = request.GET.get("state", "")
    state = state if state in overview_queries.STATES else ""
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "field", "unit")}
    found = overview_queries.list_workflows(
        overview_queries.WorkflowFilter(
            text=asked["q"], field_code=asked["field"], unit_code=asked["unit"]
        ),
        on=people.day_of(now),
    )
    form = WorkflowSearchForm(initial=asked)
    form.offer(_named(found.fields), _named(found.units))
    rows = [row for row in found.rows if not state or state in row.states]
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "state": state,
        "is_narrowed": bool(state or any(asked.values())),
        "chips": _state_chips(found, state, asked),
        "page": page,
        "rows": [(row, workflow_page.show_states(row.states)) for row in page],
        "may_draw": people.is_allowed(request.person, "workflow.draw", now=now),
        "may_compare": people.is_allowed(request.person, "workflow.compare", now=now),
    }
    return render(request, "desk/workflows/list.html", context)


def _named(rows: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str]]:
    is_english = get_language() == "en"
    return [(code, (is_english and name_en) or name) for code, name, name_en in rows]


def _state_chips(
    found: overview_queries.WorkflowList, state: str, asked: dict[str, str]
) -> list[dict[str, Any]]:
    kept = {name: value for name, value in asked.items() if value}
    names = {"": _("Tất cả"), **workflow_page.STATE_NAMES}
    chips = []
    for name in ("", *overview_queries.STATES):
        query = urlencode({**kept, **({"state": name} if name else {})})
        address = reverse("desk:workflows")
        chips.append(
            {
                "label": names[name],
                "url": f"{address}?{query}" if query else address,
                "count": found.counts[name] if name else len(found.rows),
                "is_active": name == state,
            }
        )
    return chips


@require_safe
@login_required
def workflow(request: DeskRequest, key: str) -> HttpResponse:
    """Show a workflow: its chart, versions, drafts, and who uses and calls it."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        seen = overview_queries.see_workflow(key, on=people.day_of(now))
    except overview_queries.NoSuchVersion as error:
        return unknown(request, error)
    owner = seen.workflow.owner
    scope = people.scope_of(request.person, "workflow.draw", now=now)
    context = {
        "seen": seen,
        "steps": workflow_page.show_steps(seen.net, seen.names),
        "templates": starting_charts.NAMES.items(),
        "drafts": [(draft, workflow_page.DRAFT_TONES[draft.status]) for draft in seen.drafts],
        "may_draw": scope.covers(
            agency_id=owner.pk if owner else 0, agency_path=owner.path if owner else ""
        ),
    }
    return render(request, "desk/workflows/workflow.html", context)


@require_safe
@login_required
def version(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """Show a version: its chart, and what it changed in the one before it."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        seen = overview_queries.see_version(key, number, on=people.day_of(now))
    except overview_queries.NoSuchVersion as error:
        return unknown(request, error)
    context = {
        "seen": seen,
        "steps": workflow_page.show_steps(seen.net, seen.names),
        "changes": workflow_page.show_changes(seen.differences),
        "marks_before": workflow_page.marks_before(seen.differences),
        "marks_after": workflow_page.marks_after(seen.differences),
        "may_migrate": seen.version.running > 0
        and migration_queries.may_migrate(request.person, seen.version.id, seen.workflow, now=now),
        "may_retire": seen.version.state in ("in_force", "coming")
        and people.is_allowed(request.person, "workflow.publish", now=now),
    }
    return render(request, "desk/workflows/version.html", context)


@require_safe
@login_required
def version_chart(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """Hand out the drawing of a version as a BPMN 2.0 file."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        drawing = overview_queries.get_drawing_of(key, number)
    except overview_queries.NoSuchVersion as error:
        return unknown(request, error)
    return HttpResponse(
        drawing,
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{key}-{number}.bpmn"'},
    )


@require_POST
@login_required
def start_draft(request: DeskRequest, key: str) -> HttpResponse:
    """Begin a draft of a coming version, as the version named is drawn."""
    number = request.POST.get("version", "")
    try:
        draft = actions.start_draft(
            officer=request.person,
            workflow_key=key,
            version_number=whole_number(number, most_digits=4) or 0,
            template=request.POST.get("template", ""),
            now=clock.now(),
        )
    except actions.CannotStartDraft as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:workflow", key)
    messages.success(request, _("Đã tạo bản thảo từ phiên bản %(number)s.") % {"number": number})
    return redirect("desk:draft", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_workflow(request: DeskRequest) -> HttpResponse:
    """Begin a new workflow with a template or a file."""
    now = clock.now()
    people_actions.require(request.person, "workflow.draw", now=now)
    owners = workflow_page.list_owners(request.person, now=now)
    if request.method != "POST":
        wanted = request.GET.get("template", "five-steps")
        form = NewWorkflowForm(initial={"template": wanted}, owners=owners)
        return render(request, "desk/workflows/new.html", {"form": form})
    form = NewWorkflowForm(request.POST, request.FILES, owners=owners)
    if not form.is_valid():
        return render(request, "desk/workflows/new.html", {"form": form}, status=422)
    asked = form.cleaned_data
    named = {"officer": request.person, "name": asked["name"], "owner_code": asked["owner"]}
    try:
        if asked["file"]:
            draft = actions.start_draft_from_file(**named, data=asked["file"].read(), now=now)
        else:
            draft = actions.start_draft_from_template(**named, template=asked["template"], now=now)
    except actions.CannotStartDraft as refusal:
        language = get_language() or "vi"
        context = {
            "form": form,
            "refusal": str(refusal),
            "problems": [problem.because.text(language) for problem in refusal.problems],
        }
        return render(request, "desk/workflows/new.html", context, status=422)
    messages.success(request, _("Đã tạo bản thảo của quy trình “%(name)s”.") % {"name": draft.name})
    return redirect("desk:draft", draft.pk)


def unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that there is no such workflow, version or draft, and where to look."""
    return render(request, "desk/workflows/unknown.html", {"reason": str(error)}, status=404)


@require_safe
@login_required
def step_comparison(request: DeskRequest) -> HttpResponse:
    """Show procedures of one class that pass the same agency in different numbers of steps."""
    now = clock.now()
    people_actions.require(request.person, "workflow.compare", now=now)
    form = DayForm(request.GET or None)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or people.day_of(now)
    found = step_queries.compare_steps(on=on)
    context = {
        "form": form,
        "on": on,
        "pairs": step_page.show_pairs(found),
        "compared": found.compared,
        "differing": step_page.count_differing(found),
    }
    return render(request, "desk/workflows/step_comparison.html", context)

"""The page on which a draft is drawn, and what it asks for while somebody draws."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motcua.clock import queries as clock
from motcua.desk import drawing_page
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions, drawing_queries, queries

LONGEST_LIST = 20


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


class ImportForm(forms.Form):
    """A BPMN file, and the revision that the page showed."""

    drawn_on = forms.IntegerField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Tệp BPMN 2.0"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml"}),
    )


@require_safe
@login_required
def draw(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Show a draft to draw on, or only to look at."""
    return _page(request, draft_id)


def _page(
    request: DeskRequest,
    draft_id: int,
    *,
    status: int = 200,
    refusal: str = "",
    faults: tuple[drawing_queries.Fault, ...] = (),
) -> HttpResponse:
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        draft = queries.get_draft(draft_id)
    except queries.NoSuchDraft as error:
        return _unknown(request, error)
    on = people.day_of(now)
    check = drawing_queries.check_drawing(
        bpmn_xml=draft.bpmn_xml, workflow_key=draft.workflow.key, on=on
    )
    context = {
        "draft": draft,
        "is_open": drawing_queries.is_drawn_by(draft, request.person, now=now),
        "saved_at": drawing_page.clock_of(draft.edited_at),
        "check": drawing_page.show_check(check),
        "steps": drawing_page.list_steps(check.net),
        "import_form": ImportForm(initial={"drawn_on": draft.revision}),
        "refusal": refusal,
        "refused": [drawing_page.show_fault(fault) for fault in faults],
        "callable": drawing_queries.list_callable(but=draft.workflow.key, on=on),
        **drawing_page.list_choices(),
    }
    return render(request, "desk/drawing/draw.html", context, status=status)


def _unknown(request: DeskRequest, error: Exception) -> HttpResponse:
    context = {"reason": str(error), "is_unknown": True}
    return render(request, "desk/drawing/unknown.html", context, status=404)


@require_POST
@login_required
def check(request: DeskRequest, draft_id: int) -> JsonResponse:
    """Say what is wrong with what is on the canvas, saved or not."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        draft = queries.get_draft(draft_id)
    except queries.NoSuchDraft as error:
        return JsonResponse({"message": str(error)}, status=404)
    found = drawing_queries.check_drawing(
        bpmn_xml=_text(request), workflow_key=draft.workflow.key, on=people.day_of(now)
    )
    return JsonResponse(drawing_page.show_check(found))


@require_POST
@login_required
def save(request: DeskRequest, draft_id: int) -> JsonResponse:
    """Save what is on the canvas; what comes too late is kept aside, and what differs is told."""
    now = clock.now()
    sent = _sent(request)
    try:
        draft = actions.save_draft(
            officer=request.person,
            draft_id=draft_id,
            drawn_on=_number(sent, "drawn_on"),
            bpmn_xml=str(sent.get("bpmn_xml", "")),
            now=now,
        )
    except queries.NoSuchDraft as error:
        return JsonResponse({"message": str(error)}, status=404)
    except actions.DraftHasMoved as moved:
        return JsonResponse(_moved(draft_id, moved), status=409)
    except actions.CannotSaveDraft as refused:
        faults = drawing_queries.list_problems(refused.problems)
        return JsonResponse(
            {
                "message": str(refused),
                "faults": [drawing_page.show_fault(fault) for fault in faults],
            },
            status=422,
        )
    return JsonResponse(
        {"revision": draft.revision, "saved_at": drawing_page.clock_of(draft.edited_at)}
    )


def _moved(draft_id: int, moved: actions.DraftHasMoved) -> dict[str, Any]:
    """Return whose change stands now and what each side did since the revision both drew on."""
    draft = queries.get_draft(draft_id)
    theirs, mine = drawing_queries.list_both_changes(
        draft, edit_id=moved.edit_id, drawn_on=moved.drawn_on
    )
    return {
        "message": str(moved),
        "edit": moved.edit_id,
        "revision": draft.revision,
        "theirs": drawing_page.show_changes(theirs),
        "mine": drawing_page.show_changes(mine),
    }


@require_POST
@login_required
def restore(request: DeskRequest, draft_id: int) -> JsonResponse:
    """Put an edit that was kept aside, or an earlier one, on top of what stands now."""
    sent = _sent(request)
    try:
        draft = actions.restore_edit(
            officer=request.person,
            draft_id=draft_id,
            edit_id=_number(sent, "edit"),
            drawn_on=_number(sent, "drawn_on"),
            now=clock.now(),
        )
    except queries.NoSuchDraft as error:
        return JsonResponse({"message": str(error)}, status=404)
    except actions.CannotRestoreEdit as refused:
        return JsonResponse({"message": str(refused)}, status=409)
    return JsonResponse(
        {"revision": draft.revision, "saved_at": drawing_page.clock_of(draft.edited_at)}
    )


@require_safe
@login_required
def newest(request: DeskRequest, draft_id: int) -> JsonResponse:
    """Say whether somebody saved since a revision; if so, give what stands now and what changed."""
    people_actions.require(request.person, "workflow.see", now=clock.now())
    try:
        draft = queries.get_draft(draft_id)
    except queries.NoSuchDraft as error:
        return JsonResponse({"message": str(error)}, status=404)
    since = request.GET.get("since", "")
    if since == str(draft.revision):
        return JsonResponse({"revision": draft.revision})
    changes = drawing_queries.list_changes_since(draft, int(since) if since.isdecimal() else 0)
    return JsonResponse(
        {
            "revision": draft.revision,
            "bpmn_xml": draft.bpmn_xml,
            "saved_at": drawing_page.clock_of(draft.edited_at),
            "message": drawing_page.say_newer(draft.edited_by.full_name, draft.edited_at),
            "changes": drawing_page.show_changes(changes),
        }
    )


@require_POST
@login_required
def import_file(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Take the chart of a BPMN file as the next revision, or say what in it is not used here."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(
            request, draft_id, status=422, refusal=_("Hãy chọn một tệp BPMN 2.0 rồi nhập lại.")
        )
    try:
        actions.save_draft(
            officer=request.person,
            draft_id=draft_id,
            drawn_on=form.cleaned_data["drawn_on"],
            file=form.cleaned_data["file"].read(),
            now=clock.now(),
        )
    except queries.NoSuchDraft as error:
        return _unknown(request, error)
    except actions.CannotSaveDraft as refused:
        return _page(
            request,
            draft_id,
            status=409 if isinstance(refused, actions.DraftHasMoved) else 422,
            refusal=str(refused),
            faults=drawing_queries.list_problems(refused.problems),
        )
    messages.success(request, _("Đã nhập lưu đồ từ tệp. Bản trước còn trong lịch sử của bản thảo."))
    return redirect("desk:draw", draft_id)


@require_safe
@login_required
def export(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Hand out the draft as a BPMN 2.0 file."""
    people_actions.require(request.person, "workflow.see", now=clock.now())
    try:
        draft = queries.get_draft(draft_id)
    except queries.NoSuchDraft as error:
        return _unknown(request, error)
    name = content_disposition_header(
        as_attachment=True, filename=f"{draft.workflow.key}-{draft.revision}.bpmn"
    )
    return HttpResponse(
        draft.bpmn_xml,
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": name or "attachment", "X-Content-Type-Options": "nosniff"},
    )


@require_safe
@login_required
def units(request: DeskRequest, draft_id: int) -> JsonResponse:
    """Find agencies to give a lane or a step to."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    found = drawing_queries.find_units(request.GET.get("q", "")[:200], on=people.day_of(now))
    return JsonResponse(
        {"units": [{"code": unit.code, "name": unit.name} for unit in found[:LONGEST_LIST]]}
    )


def _text(request: HttpRequest) -> str:
    return request.body.decode(errors="replace")


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except ValueError:
        sent = None
    return sent if isinstance(sent, dict) else {}


def _number(sent: dict[str, Any], name: str) -> int:
    """Return a number that was sent; what is none stands for nothing that exists."""
    value = sent.get(name)
    return value if isinstance(value, int) else 0

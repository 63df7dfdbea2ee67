"""Recorded tests of a workflow: how they come out on a draft, a new one from a case or by clicking."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.cases import actions as cases
from motcua.cases import queries as case_queries
from motcua.clock import queries as clock
from motcua.desk.recording_forms import FactsForm, HistoryForm, read_choices, write_choice
from motcua.engine.net import Kind, Node
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions, queries, walk_queries


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tests(request: DeskRequest, draft_id: int) -> HttpResponse:
    """List the tests with how they come out on the draft; record one from a case's history."""
    now, draft = _admit(request, draft_id)
    form = HistoryForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            test = cases.record_test_from_case(
                officer=request.person,
                draft_id=draft_id,
                case_code=form.cleaned_data["code"],
                name=form.cleaned_data["name"],
                now=now,
            )
        except (actions.CannotRecordTest, case_queries.NoSuchCase) as error:
            refusal = str(error)
        else:
            messages.success(request, _("Đã ghi kịch bản “%(name)s”.") % {"name": test.name})
            return redirect("desk:recorded-tests", draft_id)
    played = list(queries.list_played_tests(draft_id))
    known = {one.test_id for one in played}
    context: dict[str, Any] = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "is_owner": _is_owner(request.person, draft, now=now),
        "played": [(one, _words(one)) for one in played],
        "failing": sum(one.failed_since is not None for one in played),
        # Recorded on another draft since this one was last saved.
        "unplayed": [one for one in queries.list_tests(draft.workflow_id) if one.pk not in known],
        "retired": queries.list_retired_tests(draft.workflow_id),
    }
    wrong = bool(refusal) or (form.is_bound and not form.is_valid())
    return render(request, "desk/recording/list.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Click through the draft, choice by choice, and keep what it did as a test."""
    now, draft = _admit(request, draft_id)
    sent = request.POST if request.method == "POST" else request.GET
    facts = FactsForm(sent)
    choices = read_choices(sent.getlist("c"), sent.get("answer", ""))
    refusal, name = "", sent.get("name", "").replace("\0", "")
    if request.method == "POST":
        try:
            test = actions.record_test(
                officer=request.person,
                draft_id=draft_id,
                name=name,
                facts=facts.facts,
                choices=choices,
                now=now,
            )
        except actions.CannotRecordTest as error:
            refusal = str(error)
        else:
            messages.success(request, _("Đã ghi kịch bản “%(name)s”.") % {"name": test.name})
            return redirect("desk:recorded-tests", draft_id)
    walk = walk_queries.walk(draft, facts=facts.facts, choices=choices, on=people.day_of(now))
    written = [write_choice(choice) for choice in choices]
    context: dict[str, Any] = {
        "draft": draft,
        "facts": facts,
        "walk": walk,
        "refusal": refusal or (walk.hindrance.text(_language()) if walk.hindrance else ""),
        "name": name,
        "written": written,
        "done": [
            _done(node, choice.outcome) for node, choice in zip(walk.done, choices, strict=False)
        ],
        "open": [_offer(node) for node in walk.open],
        "reasons": [reason.text(_language()) for reason in walk.because],
        "back": _address(facts, written[:-1]) if written else "",
        "chart": {
            **{node.id: ["done"] for node in walk.done},
            **{node.id: ["current"] for node in walk.open},
        },
        "is_owner": _is_owner(request.person, draft, now=now),
    }
    return render(request, "desk/recording/record.html", context, status=422 if refusal else 200)


@require_POST
@login_required
def retire(request: DeskRequest, draft_id: int, test_id: int) -> HttpResponse:
    """Let a test count no longer, for a reason."""
    now, _draft = _admit(request, draft_id)
    try:
        test = actions.retire_test(
            officer=request.person,
            test_id=test_id,
            reason=request.POST.get("reason", ""),
            now=now,
        )
    except actions.CannotRetireTest as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã bỏ kịch bản “%(name)s”.") % {"name": test.name})
    return redirect("desk:recorded-tests", draft_id)


def _words(played: Any) -> str:
    difference: str = played.difference_en if _language().startswith("en") else played.difference_vi
    return difference


def _language() -> str:
    return get_language() or "vi"


def _done(node: Node, outcome: str) -> str:
    name = queries.OUTCOME_NAMES.get(outcome, outcome) if outcome else ""
    return f"{node.label}: {name}" if name else node.label


def _offer(node: Node) -> dict[str, Any]:
    """Return what may be chosen at an open step."""
    words = {Kind.TIMER: _("Đến giờ hẹn"), Kind.MESSAGE: _("Tin đã đến")}
    outcomes = [
        (f"{node.id}|{outcome}|", str(queries.OUTCOME_NAMES.get(outcome, outcome)))
        for outcome in node.outcomes
    ]
    return {
        "name": node.label,
        "choices": outcomes or [(f"{node.id}||", words.get(node.kind, _("Hoàn thành")))],
        "asks": node.kind is Kind.MESSAGE and node.message.startswith("ANSWER"),
    }


def _address(facts: FactsForm, written: list[str]) -> str:
    return "?" + urlencode([*facts.hidden, *(("c", one) for one in written)])


def _is_owner(person: people.Person, draft: Any, *, now: datetime) -> bool:
    owner = draft.workflow.owner
    return people.scope_of(person, "workflow.draw", now=now).covers(
        agency_id=owner.pk if owner else 0, agency_path=owner.path if owner else ""
    )


def _admit(request: DeskRequest, draft_id: int) -> tuple[datetime, Any]:
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        return now, queries.get_draft(draft_id)
    except queries.NoSuchDraft as error:
        raise Http404 from error

"""Running cases moved to a newer version: map the steps, try without writing, move, follow, undo."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions, migration_queries
from motcua.cases import queries as cases
from motcua.clock import queries as clock
from motcua.desk import migration_page
from motcua.people import queries as people
from motcua.workflow import queries as workflow

ROWS_SHOWN = 50


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def migrate(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """Map the steps of a version to those of the one in force, try it, and start to move the cases."""
    now, version, scope = _admit(request, key, number)
    target = migration_queries.find_target(version, on=people.day_of(now))
    if request.method != "POST" or target is None:
        return _page(request, version, target, request.GET, scope=scope, now=now)
    try:
        migration = actions.start_migration(
            officer=request.person,
            from_id=version.pk,
            to_id=target.id,
            chosen=migration_page.read_choices(request.POST.dict()),
            tried=request.POST.get("tried", ""),
            reason=request.POST.get("reason", ""),
            now=now,
        )
    except actions.CannotMigrate as refusal:
        return _page(
            request, version, target, request.POST, scope=scope, refusal=str(refusal), now=now
        )
    return redirect("desk:migration", migration.pk)


def _page(
    request: DeskRequest,
    version: Any,
    target: Any,
    sent: Any,
    *,
    scope: people.Scope,
    now: datetime,
    refusal: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "version": version,
        "target": target,
        "refusal": refusal,
        "reason": sent.get("reason", ""),
        "is_own_part": not scope.everything,
        "made": migration_queries.list_migrations(version.pk, scope)[:ROWS_SHOWN],
    }
    if target is not None:
        context |= _trial(request, version, target, sent, scope=scope, now=now)
    return render(request, "desk/migration/migrate.html", context, status=422 if refusal else 200)


def _trial(
    request: DeskRequest,
    version: Any,
    target: Any,
    sent: Any,
    *,
    scope: people.Scope,
    now: datetime,
) -> dict[str, Any]:
    chosen = migration_page.read_choices(sent.dict())
    try_it = partial(
        migration_queries.try_migration, from_id=version.pk, to_id=target.id, scope=scope
    )
    try:
        trial = try_it(chosen=chosen)
    except LookupError:
        # An address that names a step of another chart: begin with the proposal.
        chosen = {}
        trial = try_it(chosen=chosen)
    old, new = (workflow.get_version(pk).net for pk in (version.pk, target.id))
    is_tried = "tried" in sent
    show = sent.get("show", "")
    rows = [
        case for case in trial.cases if not show or case.placement.can_move == (show == "moves")
    ]
    page = Paginator(rows, ROWS_SHOWN).get_page(sent.get("page"))
    known = cases.cases_in_scope(request.person, now=now)
    visible = known.filter(pk__in=[case.case_id for case in page.object_list])
    steps = migration_page.step_lines(trial, old, new)
    answers = {
        line.field: choice.value for line in steps for choice in line.choices if choice.is_chosen
    }
    stuck = len(trial.cases) - trial.movable
    names = (
        ("", _("Tất cả"), len(trial.cases)),
        ("moves", _("Chuyển được"), trial.movable),
        ("stays", _("Không chuyển được"), stuck),
    )
    return {
        "trial": trial,
        "count": len(trial.cases),
        "stuck": stuck,
        "steps": steps,
        "is_tried": is_tried,
        "answers": answers,
        "page": page,
        "chips": migration_page.chips(
            names, chosen=show, query={**answers, "tried": "1"}, key="show"
        ),
        "lines": migration_page.tried_lines(
            page.object_list, new, visible=set(visible.values_list("pk", flat=True))
        )
        if is_tried
        else (),
    }


@require_safe
@login_required
def migration(request: DeskRequest, migration_id: int) -> HttpResponse:
    """Show how far a migration is and what became of each case; the page may be left meanwhile."""
    now, found = _found(request, migration_id)
    counts = migration_queries.count_states(found)
    state = request.GET.get("state", "")
    page = Paginator(
        migration_queries.list_results(found, state=state if state in counts else ""), ROWS_SHOWN
    ).get_page(request.GET.get("page"))
    visible = cases.cases_in_scope(request.person, now=now).filter(
        pk__in=[row.case_id for row in page.object_list]
    )
    is_undoing = bool(found.undo_started_at and not found.undo_finished_at)
    waiting = counts["MOVED"] if is_undoing else counts["WAITING"]
    labels = dict(migration_queries.list_states())
    context: dict[str, Any] = {
        "migration": found,
        "counts": counts,
        "is_going_on": found.finished_at is None or is_undoing,
        "is_undoing": is_undoing,
        "done": found.total - waiting,
        "percent": 100 * (found.total - waiting) // max(1, found.total),
        "page": page,
        "visible": set(visible.values_list("pk", flat=True)),
        "chips": migration_page.chips(
            [("", _("Tất cả"), found.total), *((k, labels[k], n) for k, n in counts.items())],
            chosen=state,
            query={},
            key="state",
        ),
    }
    is_panel = bool(request.headers.get("HX-Request"))
    if is_panel and context["is_going_on"]:
        return render(request, "desk/migration/progress.html", context)
    answer = render(request, "desk/migration/migration.html", context)
    if is_panel:
        # The results take the whole page.
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@login_required
def undo(request: DeskRequest, migration_id: int) -> HttpResponse:
    """Take a migration back, or one case of it, as far as cases have not gone on."""
    now, found = _found(request, migration_id)
    code, reason = request.POST.get("case", ""), request.POST.get("reason", "")
    try:
        if code:
            actions.undo_case(
                officer=request.person,
                migration_id=found.pk,
                case_code=code,
                reason=reason,
                now=now,
            )
            messages.success(request, _("Hồ sơ %(code)s đã trở lại phiên bản cũ.") % {"code": code})
        else:
            actions.undo_migration(
                officer=request.person, migration_id=found.pk, reason=reason, now=now
            )
    except actions.CannotUndoMigration as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:migration", migration_id)


def _admit(request: DeskRequest, key: str, number: int) -> tuple[datetime, Any, people.Scope]:
    """Return the time, the version, and whose cases of it this person may move; raise NotAllowed."""
    now = clock.now()
    try:
        version = workflow.get_published(workflow_key=key, number=number)
    except workflow.NoSuchWorkflow as error:
        raise Http404 from error
    scope = actions.require_migrator(request.person, version, now=now)
    return now, version, scope


def _found(request: DeskRequest, migration_id: int) -> tuple[datetime, Any]:
    now = clock.now()
    found = migration_queries.find_migration(migration_id)
    if found is None:
        raise Http404
    actions.require_migrator_of(request.person, found, now=now)
    return now, found

"""The course of a draft: what it changes, who must consent, and how it becomes a version."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.desk import workflow_page
from motcua.desk.views.workflows import DeskRequest, unknown
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import course_queries, queries


@require_safe
@login_required
def draft(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Show where a draft stands, what it changes, and what comes next."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        seen = course_queries.see_draft(draft_id, on=people.day_of(now))
    except queries.NoSuchDraft as error:
        return unknown(request, error)
    return render(request, "desk/workflows/draft.html", _shown(seen))


def _shown(seen: course_queries.DraftSeen) -> dict[str, Any]:
    language = get_language() or "vi"
    return {
        "seen": seen,
        "tone": workflow_page.DRAFT_TONES[seen.draft.status],
        "steps": workflow_page.show_steps(seen.net, seen.names),
        "faults": [fault.text(language) for fault in seen.faults],
        "changes": workflow_page.show_changes(seen.differences),
        "marks_before": workflow_page.marks_before(seen.differences),
        "marks_after": workflow_page.marks_after(seen.differences),
    }

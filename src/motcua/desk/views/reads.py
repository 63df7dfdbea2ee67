"""Who looked at a case: every opening that was noted, for whoever oversees its agencies."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.cases import actions, queries
from motcua.clock import queries as clock
from motcua.desk import read_words
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest


@require_safe
@login_required
def case_reads(request: DeskRequest, code: str) -> HttpResponse:
    """List who opened a case, or was refused, the newest first."""
    try:
        reads = actions.open_reads(officer=request.person, case_code=code, now=clock.now())
    except queries.NoSuchCase as error:
        return refuse(request, error)
    page = Paginator(reads, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {"code": code, "page": page, "rows": read_words.tell_reads(list(page.object_list))}
    return render(request, "desk/case/reads.html", context)

"""The statuses that other systems are told: what waits, was sent, was refused, and sending again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import actions, mirror_queries, sending_queries
from motcua.clock import queries as clock
from motcua.desk import filter_chips
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.people import actions as people_actions
from motcua.people import queries as people


@require_safe
@login_required
def statuses(request: DeskRequest) -> HttpResponse:
    """List what other systems are told of the cases in the person's scope; it names nobody."""
    now = clock.now()
    people_actions.require(request.person, "cases.see", now=now)
    state = request.GET.get("state", "")
    state = state if state in sending_queries.STATES else "waiting"
    found = sending_queries.list_outgoing(request.person, state=state, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    names = {
        "waiting": _("Đang chờ gửi"),
        "sent": _("Đã gửi"),
        "refused": _("Không gửi được"),
        "all": _("Tất cả"),
    }
    counts = sending_queries.count_outgoing(request.person, now=now)
    unset = sending_queries.list_unset(page.object_list)
    context = {
        "page": page,
        "grounds": sending_queries.list_grounds(people.day_of(now)),
        "rows": [_shown(row, request.person, now=now) for row in page.object_list],
        "unset": ", ".join(mirror_queries.name_source(source) for source in unset),
        "chips": filter_chips.state_chips(
            names, counts, address=reverse("desk:sending"), state=state
        ),
    }
    return render(request, "desk/mirrored/sending.html", context)


@require_POST
@login_required
def again(request: DeskRequest, outgoing_id: int) -> HttpResponse:
    """Let a status be sent again that was not taken."""
    try:
        actions.send_again(officer=request.person, outgoing_id=outgoing_id, now=clock.now())
    except mirror_queries.NoSuchMirroredCase as error:
        return refuse(request, error)
    except actions.CannotSendAgain as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Tin được gửi lại trong vài phút tới."))
    return redirect("desk:sending")


def _shown(row: Any, person: people.Person, *, now: Any) -> dict[str, Any]:
    """Return one status with its standing, and whether the reader may send it again."""
    return {
        "row": row,
        "source": mirror_queries.name_source(row.mirrored.source),
        "status": mirror_queries.name_status(row.status),
        "is_unset": row.mirrored.source not in sending_queries.systems(),
        "may_send_again": row.refused_at is not None
        and people.is_allowed(person, "cases.send_again", now=now, agency=row.mirrored.agency),
    }

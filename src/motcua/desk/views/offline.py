"""The counter without a connection: receipts under numbers given beforehand, sent when it is back."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import actions
from motcua.clock import queries as clock
from motcua.desk import offline_page
from motcua.desk.views.counter import ask_to_switch, counter_post
from motcua.desk.views.work import DeskRequest
from motcua.people import actions as people_actions

_MOST_BYTES = 50_000


@require_safe
@login_required
def offline(request: DeskRequest) -> HttpResponse:
    """Show the page that goes on without a connection, stocked with numbers and procedures."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    numbers = actions.stock_offline_numbers(
        officer=request.person, agency_id=post.agency_id, now=now
    )
    context: dict[str, Any] = {
        "post": post,
        "content": {
            "agency": post.agency_name,
            "clerk": request.person.full_name,
            "sync_url": reverse("desk:offline-sync"),
            "worker_url": reverse("desk:offline-worker"),
            "numbers": [{"label": str(one), "key": str(one.key)} for one in numbers],
            "procedures": offline_page.procedures_of(post, now=now),
            # The demonstration's clock may stand elsewhere than the machine's.
            "now": now.isoformat(),
            "words": offline_page.words(),
        },
    }
    return render(request, "desk/counter/offline.html", context)


@require_POST
@never_cache
@login_required
def sync(request: DeskRequest) -> JsonResponse:
    """Make a case of a receipt that was written offline; answer with its code, or why not."""
    now = clock.now()
    try:
        sent = json.loads(request.body[: _MOST_BYTES + 1])
        submission = offline_page.submission_of(sent)
        key, received_at = UUID(sent["key"]), datetime.fromisoformat(sent["received_at"])
        if received_at.tzinfo is None:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        return _refused([_("Nội dung gửi lên không đọc được. Hãy tải lại trang khi có mạng.")])
    try:
        case = actions.sync_receipt(
            officer=request.person, key=key, submission=submission, received_at=received_at, now=now
        )
    except actions.WrittenBySomebodyElse as refusal:
        return _refused([str(refusal)], status=409)
    except actions.CannotSyncReceipt as refusal:
        return _refused([str(refusal)])
    except actions.CannotReceiveCase as refusal:
        return _refused([problem.message for problem in refusal.problems])
    except people_actions.NotAllowed as refusal:
        return _refused([str(refusal)], status=403)
    return JsonResponse({"code": case.code, "url": reverse("desk:case", args=[case.code])})


@require_safe
@login_required
def worker(_request: DeskRequest) -> HttpResponse:
    """Return the script that keeps the page for when there is no connection; its scope is here."""
    path = finders.find("dist/offline-worker.js")
    if isinstance(path, str):
        script = Path(path).read_bytes()
    else:
        with staticfiles_storage.open("dist/offline-worker.js") as stored:
            script = stored.read()
    return HttpResponse(script, content_type="text/javascript")


def _refused(problems: list[str], *, status: int = 422) -> JsonResponse:
    return JsonResponse({"problems": problems}, status=status)

"""The address at which other systems tell of their case files: a token, one message, an answer in words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.core import ratelimit
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.cases import actions, mirror_queries, sending_queries
from motcua.clock import queries as clock
from motcua.engine.forwarded import WHOLE, MessageRefused
from motcua.engine.moments import local
from motcua.people import actions as people_actions
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.cases.models import SystemAccess


# The limits are counted in a minute that moves along: after one, the next message is let in.
PAUSE_SECONDS = 60


# The token is no cookie: no page of another site can send it for the browser.
@csrf_exempt
@require_POST
def system_message(request: HttpRequest) -> JsonResponse:
    """Take in one message; the token comes first, then how often, the size, the shape, the right, the case."""
    now = clock.now()
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = given.strip() if kind.lower() == "bearer" else ""
    try:
        access = actions.find_access(token)
    except actions.UnknownSystem as refusal:
        return _turn_away(request, token, str(refusal), now=now)
    if not ratelimit.consume(request, action="system_message", key=str(access.pk)):
        # Noted once a minute: what comes too often shall not fill the log either.
        if ratelimit.consume(request, action="system_message_refused", key=str(access.pk)):
            actions.note_message(
                officer=people.get_system(), access=access, was_taken=False, note="429", now=now
            )
        return _too_often()
    status, words = _take(request, access, now=now)
    actions.note_message(
        officer=people.get_system(),
        access=access,
        was_taken=status == 200,
        note=str(status),
        now=now,
    )
    return _answer(status, words)


def _turn_away(request: HttpRequest, token: str, words: str, *, now: datetime) -> JsonResponse:
    """Refuse a token that opens nothing, and note it; whoever tries many is not even looked at."""
    if not ratelimit.consume(request, action="system_unknown"):
        return _too_often()
    actions.note_unknown(officer=people.get_system(), token=token, now=now)
    answer = _answer(401, words)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_often() -> JsonResponse:
    answer = _answer(
        429,
        _(
            "Nhiều tin quá trong một phút, nên tin này chưa được đọc. Hãy chờ %(seconds)d giây rồi gửi lại nguyên tin."
        )
        % {"seconds": PAUSE_SECONDS},
    )
    answer["Retry-After"] = str(PAUSE_SECONDS)
    return answer


def _take(request: HttpRequest, access: SystemAccess, *, now: datetime) -> tuple[int, str]:
    """Take in what a known system sends; return the status of the answer and its words."""
    most = sending_queries.most_bytes(local(now).date())
    content = request.read(most + 1)
    if len(content) > most:
        return 413, _("Tin dài quá %(most)s KB. Hãy gửi từng tin một.") % {"most": most // 1024}
    try:
        message = json.loads(content)
    except (ValueError, RecursionError):
        return 400, mirror_queries.words_of_refusal(MessageRefused(WHOLE))
    try:
        actions.take_in_from(officer=people.get_system(), access=access, message=message, now=now)
    except MessageRefused as refusal:
        return 400, mirror_queries.words_of_refusal(refusal)
    except people_actions.NotAllowed as refusal:
        return 403, str(refusal)
    except actions.StatusRefused as refusal:
        return 409, str(refusal)
    except actions.CannotMirrorCase as refusal:
        return 422, str(refusal)
    return 200, _("Đã nhận.")


def _answer(status: int, words: str) -> JsonResponse:
    """Return an answer as the portal's own services give it: error_code 0 is taken."""
    told = {"error_code": 0 if status == 200 else status, "message": words}
    return JsonResponse(told, status=status)

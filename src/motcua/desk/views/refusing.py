"""The page that refuses: what was asked for is not there, or cannot be made, and the reason why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse(request: HttpRequest, reason: Exception | str, *, status: int = 404) -> HttpResponse:
    """Answer with a reason instead of what was asked for, which with 404 does not exist."""
    context = {"reason": str(reason), "is_unknown": status == 404}
    return render(request, "desk/case/refused.html", context, status=status)

"""What the law has to do with each request: the newest decisions on days off, and where a file of law is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.engine.lawvalues import LawRefused
from motcua.lawbook import queries

_log = logging.getLogger(__name__)


def decisions_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let every page count with the newest calendar."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Without a database the page itself says so; this is not the place to.
        with suppress(DatabaseError):
            queries.refresh_decisions()
        return get_response(request)

    return middleware


def law_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say with file and line what is wrong in the law data, where a page cannot be made for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, LawRefused):
            return None
        _log.error("%s: %s", request.path, error)
        return render(request, "500.html", {"law": str(error)}, status=500)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware

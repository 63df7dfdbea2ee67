"""At the beginning of each request: see whether a newer decision on days off has been entered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from motcua.lawbook import queries


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

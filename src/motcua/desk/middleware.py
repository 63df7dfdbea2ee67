"""Who is at the desk: loads the signed-in person with their posts, once per request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from motcua.people import actions as people_actions
from motcua.people import queries as people


def desk_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Attach `request.person` lazily, and turn a refusal into a page that says why."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.person = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: people.get_person(user_id=request.user.pk)
        )
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, people_actions.NotAllowed):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware

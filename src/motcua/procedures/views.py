"""The pages of the catalogue: the list, a procedure, its files, the import."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.clock import queries as clock
from motcua.people import actions as people
from motcua.people.queries import Person, day_of, is_allowed
from motcua.procedures import actions, queries
from motcua.procedures.forms import DayForm, ImportForm, SearchForm

PAGE_LENGTH = 50
MOST_PROBLEMS_SHOWN = 300
_CONTENT_TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: Person


@require_GET
@login_required
def list_page(request: DeskRequest) -> HttpResponse:
    """Show the procedures in force, found by words, code and field."""
    now = clock.now()
    people.require(request.person, "procedures.see", now=now)
    form = SearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    text, field = asked.get("q", ""), asked.get("field", "")
    on = asked.get("on") or day_of(now)
    found = queries.list_catalogue(text=text, field_code=field, on=on)
    page = Paginator(found.revisions, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "text": text,
        "field": field,
        "on": on,
        "day": asked.get("on"),
        "page": page,
        "chips": _field_chips(found, text=text, field=field, day=asked.get("on")),
        "may_change": is_allowed(request.person, "procedures.change", now=now),
    }
    return render(request, "procedures/list.html", context)


def _field_chips(
    found: queries.CatalogueList, *, text: str, field: str, day: date | None
) -> list[dict[str, Any]]:
    """Return a chip for all fields and one for each, which keep the rest of the search."""
    kept = {"q": text} if text else {}
    if day:
        kept["on"] = str(day)

    def chip(label: str, code: str, count: int) -> dict[str, Any]:
        query = urlencode({**kept, **({"field": code} if code else {})})
        address = reverse("procedures:list")
        return {
            "label": label,
            "url": f"{address}?{query}" if query else address,
            "count": count,
            "is_active": code == field,
        }

    is_english = get_language() == "en"
    chips = [chip(_("Mọi lĩnh vực"), "", found.total)]
    for item in found.fields:
        name = (is_english and item.field.name_en) or item.field.name
        chips.append(chip(name, item.field.code, item.count))
    return chips


@require_GET
@login_required
def procedure_page(request: DeskRequest, code: str) -> HttpResponse:
    """Show a procedure as it was on a day."""
    now = clock.now()
    people.require(request.person, "procedures.see", now=now)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["on"] if form.is_valid() else None
    on = day or day_of(now)
    try:
        found = queries.get_procedure_on(code=code, on=on)
    except queries.NoSuchProcedure as error:
        raise Http404(str(error)) from error
    named = found.revision or (found.history[0] if found.history else None)
    context = {"form": form, "on": on, "found": found, "revision": found.revision, "named": named}
    return render(request, "procedures/procedure.html", context)


@require_GET
@login_required
def export(request: DeskRequest, form: str) -> HttpResponse:
    """Hand out the catalogue as a file, whole or as it was on a day."""
    now = clock.now()
    people.require(request.person, "procedures.see", now=now)
    asked = DayForm(request.GET)
    if not asked.is_valid():
        raise Http404(_("Ngày không có thật; hãy ghi ngày/tháng/năm, ví dụ 14/03/2023."))
    day = asked.cleaned_data["on"]
    content = queries.export_catalogue_file(form=form, on=day)
    name = f"danh-muc-thu-tuc-{day or day_of(now)}.{form}"
    return HttpResponse(
        content,
        content_type=_CONTENT_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
@login_required
def import_page(request: DeskRequest) -> HttpResponse:
    """Take a catalogue file, and show what it did or everything that is wrong with it."""
    now = clock.now()
    people.require(request.person, "procedures.change", now=now)
    if request.method != "POST":
        return render(request, "procedures/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "procedures/import.html", {"form": form}, status=422)
    file = form.cleaned_data["file"]
    context: dict[str, Any] = {"form": ImportForm(), "file_name": file.name}
    try:
        context["result"] = actions.import_catalogue_file(
            officer=request.person, data=file.read(), now=now
        )
    except actions.CannotImportCatalogue as error:
        context["refusal"] = str(error)
        context["problems"] = error.problems[:MOST_PROBLEMS_SHOWN]
        context["unseen_count"] = len(error.problems[MOST_PROBLEMS_SHOWN:])
        return render(request, "procedures/import.html", context, status=422)
    return render(request, "procedures/import.html", context)

"""The page of the auditor: a published report is uploaded, checked, answered and forgotten."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods

from motcua.clock import queries as clock
from motcua.people import actions as people_actions
from motcua.reporting.audit_pages import audit_page
from motcua.reporting.audit_queries import audit_report
from motcua.reporting.published_files import ENDINGS, CannotReadReport


class AuditForm(forms.Form):
    """The report to check."""

    file = forms.FileField(
        label=gettext_lazy("Tệp báo cáo"),
        help_text=gettext_lazy(
            "Bảng tính (.xlsx), văn bản (.docx) hoặc tệp phát biểu (.yaml), nhiều nhất 5 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": gettext_lazy("Chưa chọn tệp. Hãy chọn tệp XLSX, DOCX hoặc YAML."),
            "empty": gettext_lazy("Tệp trống. Hãy chọn tệp khác."),
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
def audit(request: HttpRequest) -> HttpResponse:
    """Take a published report and show what does not reconcile; nothing of it is stored."""
    person = request.person  # type: ignore[attr-defined]
    people_actions.require(person, "reports.see", now=clock.now())
    if request.method != "POST":
        return _show(request, AuditForm())
    form = AuditForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    file = form.cleaned_data["file"]
    language = (get_language() or "vi")[:2]
    try:
        report = audit_report(file.name, file.read(), language=language)
    except CannotReadReport as refusal:
        form.add_error("file", str(refusal))
        return _show(request, form, status=422)
    return _show(request, AuditForm(), page=audit_page(report, language=language))


def _show(request: HttpRequest, form: AuditForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "reporting/audit.html", {"form": form, **more}, status=status)

"""The pages of cases: the list and the search, one case, its deadline, its steps, its documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import actions, queries, work_queries
from motcua.clock import queries as clock
from motcua.desk import chips
from motcua.desk.case_page import show_case
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.files import queries as files
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import queries as workflow


class SearchForm(forms.Form):
    """What is looked for among the cases."""

    q = forms.CharField(max_length=200, required=False)
    status = forms.CharField(max_length=12, required=False)


class StepForm(forms.Form):
    """How a step is completed: the step that was shown, the pressed button, what there is to say."""

    step = forms.CharField(max_length=300, required=False)
    outcome = forms.CharField(max_length=30, required=False)
    comment = forms.CharField(max_length=4000, required=False)


class DocumentForm(forms.Form):
    """A file to add to a case, and which component it is."""

    file = forms.FileField(
        label=gettext_lazy("Tệp"),
        max_length=200,
        allow_empty_file=True,
        help_text=gettext_lazy("PDF, JPG, PNG, DOCX hoặc XLSX, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"}),
    )
    component = forms.TypedChoiceField(
        label=gettext_lazy("Thuộc thành phần hồ sơ"), coerce=int, empty_value=None, required=False
    )
    title = forms.CharField(
        label=gettext_lazy("Tên tài liệu"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Để trống: lấy tên tệp."),
    )

    def __init__(self, *args: Any, page: queries.CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        components = page.case.variant.components.all()
        choices = [(c.pk, c.name) for c in sorted(components, key=lambda c: c.number)]
        field = self.fields["component"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("Tài liệu khác")), *choices]


@require_safe
@login_required
def search(request: DeskRequest) -> HttpResponse:
    """Jump to the case whose code was typed, else to the list of what the words find."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    try:
        case = queries.get_case_in_scope(
            case_code=text.upper(), officer=request.person, now=clock.now()
        )
    except (queries.NoSuchCase, people_actions.NotAllowed):
        return redirect(f"{reverse('desk:cases')}?{urlencode({'q': text})}")
    return redirect("desk:case", case.code)


@require_safe
@login_required
def cases(request: DeskRequest) -> HttpResponse:
    """List the cases in the person's scope, newest first."""
    now = clock.now()
    people_actions.require(request.person, "cases.see", now=now)
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    text, status = asked.get("q", ""), asked.get("status", "")
    found = queries.search_cases(officer=request.person, text=text, status=status, now=now)
    counts = queries.count_by_status(officer=request.person, text=text, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": chips.case_rows(page.object_list, now=now, calendar=lawbook.get_calendar()),
        "near": people.agencies_worked_at(request.person, now=now),
        "search_text": text,
        "status": status,
        "chips": _status_chips(counts, text=text, status=status),
    }
    return render(request, "desk/case/list.html", context)


def _status_chips(
    counts: list[tuple[str, str, int]], *, text: str, status: str
) -> list[dict[str, Any]]:
    """Return a chip for all statuses and one for each that occurs, which keep the words."""
    kept = {"q": text} if text else {}
    everything = ("", _("Tất cả"), sum(count for _key, _name, count in counts))
    return [
        {
            "label": name,
            "url": f"?{urlencode({**kept, **({'status': key} if key else {})})}",
            "count": count,
            "is_active": key == status,
        }
        for key, name, count in [everything, *counts]
    ]


@require_safe
@login_required
def case(request: DeskRequest, code: str) -> HttpResponse:
    """Show a case."""
    return _open(request, code)


def _open(
    request: DeskRequest,
    code: str,
    *,
    status: int = 200,
    what: str = "case.opened",
    document_data: tuple[Any, Any] = (None, None),
    **more: Any,
) -> HttpResponse:
    """Show the page of a case, as it is or with what could not be done to it."""
    now = clock.now()
    try:
        page = actions.open_case(officer=request.person, case_code=code, what=what, now=now)
    except queries.NoSuchCase as error:
        return refuse(request, error)
    form = DocumentForm(*document_data, page=page)
    if more.get("document_refusal"):
        form.add_error("file", more["document_refusal"])
    shown = show_case(
        page,
        officer=request.person,
        calendar=page.clock.calendar,
        language=get_language() or "vi",
        now=now,
    )
    context = {"shown": shown, "case": shown.case, "document_form": form, **more}
    return render(request, "desk/case/case.html", context, status=status)


@require_safe
@login_required
def flow_chart(request: DeskRequest, code: str) -> HttpResponse:
    """Hand out the drawing under which a case runs."""
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.flow_chart_read", now=clock.now()
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    drawing = workflow.get_drawing(page.case.run.version_id)
    return HttpResponse(drawing, content_type="application/xml; charset=utf-8")


@require_POST
@login_required
def complete_step(request: DeskRequest, code: str, task_id: int) -> HttpResponse:
    """Complete a step with the outcome of the pressed button."""
    now = clock.now()
    form = StepForm(request.POST)
    if not form.is_valid():
        refusal = _(
            "Ý kiến dài quá 4.000 ký tự hoặc có ký tự không đọc được, nên chưa ghi gì. Hãy sửa lại."
        )
        return _open(
            request, code, status=422, refusal=refusal, comment=request.POST.get("comment", "")
        )
    asked = form.cleaned_data
    try:
        done = actions.complete_step(
            officer=request.person,
            task_id=task_id,
            outcome=asked["outcome"],
            comment=asked["comment"],
            seen=asked["step"],
            now=now,
        )
    except queries.NoSuchTask as error:
        return refuse(request, error)
    except actions.CannotCompleteStep as refusal:
        return _open(
            request, code, status=409, refusal=str(refusal), comment=asked["comment"], at=task_id
        )
    except people_actions.NotAllowed as refusal:
        # Where the case itself is out of reach, opening it refuses too, and notes the attempt.
        return _open(request, code, status=403, refusal=str(refusal), comment=asked["comment"])
    messages.success(request, _done_words(done))
    if work_queries.has_work(request.person, case_code=done.case_code, now=now):
        return redirect("desk:case", done.case_code)
    return redirect("desk:my-work")


def _done_words(done: queries.StepResult) -> str:
    """Return what a completed step led to."""
    known = {"step": done.step_name, "code": done.case_code, "next": ", ".join(done.next_steps)}
    if done.is_finished:
        text = _("Đã hoàn thành bước “%(step)s”. Hồ sơ %(code)s đã xử lý xong và chờ trả kết quả.")
    elif done.next_steps:
        text = _("Đã hoàn thành bước “%(step)s” của hồ sơ %(code)s. Bước tiếp theo: %(next)s.")
    else:
        text = _(
            "Đã hoàn thành bước “%(step)s” của hồ sơ %(code)s. Hồ sơ còn chờ các nhánh khác xong."
        )
    return text % known


@require_POST
@login_required
def take_task(request: DeskRequest, code: str, task_id: int) -> HttpResponse:
    """Take a task into one's own hands, or give it back; what is so already stays so."""
    # An undo asks by its address, a button by its form.
    wants_it = "give-back" not in (request.POST.get("to"), request.GET.get("to"))
    try:
        change = actions.take_task if wants_it else actions.give_back_task
        taken = change(officer=request.person, task_id=task_id, now=clock.now())
        _tell_taken(request, taken, is_taken=wants_it)
    except queries.NoSuchTask as error:
        return refuse(request, error)
    except actions.CannotCompleteStep as refusal:
        return _open(request, code, status=409, refusal=str(refusal))
    except people_actions.NotAllowed as refusal:
        return _open(request, code, status=403, refusal=str(refusal))
    back = request.POST.get("next", "")
    # A path of this site; what is none would be taken for the name of an address.
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("desk:case", code)


def _tell_taken(request: HttpRequest, taken: queries.StepResult, *, is_taken: bool) -> None:
    """Say who holds the task now; the message can be undone."""
    known = {"step": taken.step_name, "code": taken.case_code}
    if is_taken:
        text = _("Anh/chị đã nhận bước “%(step)s” của hồ sơ %(code)s.")
    else:
        text = _("Anh/chị đã trả lại bước “%(step)s” của hồ sơ %(code)s cho đơn vị.")
    undo = "give-back" if is_taken else "take"
    messages.success(request, text % known, extra_tags=f"undo:{request.path}?to={undo}")


@require_POST
@login_required
def add_document(request: DeskRequest, code: str) -> HttpResponse:
    """Add a file to a case, or show the case again with what is wrong with the file."""
    now = clock.now()
    try:
        page = queries.get_case_page(case_code=code, officer=request.person, now=now)
    except (queries.NoSuchCase, people_actions.NotAllowed):
        return _open(request, code, what="case.document_added")
    sent = (request.POST, request.FILES)
    form = DocumentForm(*sent, page=page)
    if not form.is_valid():
        return _open(request, code, status=422, document_data=sent)
    asked = form.cleaned_data
    try:
        document = actions.add_document(
            officer=request.person,
            case_code=code,
            title=asked["title"],
            name=asked["file"].name,
            content=asked["file"].read(),
            component_id=asked["component"],
            now=now,
        )
    except actions.CannotAddDocument as refusal:
        return _open(request, code, status=422, document_data=sent, document_refusal=str(refusal))
    messages.success(request, _("Đã thêm tài liệu “%(title)s”.") % {"title": document.title})
    return redirect(f"{reverse('desk:case', args=[code])}#tai-lieu")


@require_safe
@login_required
def read_document(request: DeskRequest, code: str, document_id: int) -> HttpResponse:
    """Hand out a document of a case as a download."""
    try:
        actions.open_case(
            officer=request.person, case_code=code, what="case.document_read", now=clock.now()
        )
        document = queries.get_document(case_code=code, document_id=document_id)
    except queries.NoSuchCase as error:
        return refuse(request, error)
    named = content_disposition_header(as_attachment=True, filename=document.file.name)
    return HttpResponse(
        files.read_content(document.file),
        content_type=document.file.media_type,
        headers={"Content-Disposition": named or "attachment", "X-Content-Type-Options": "nosniff"},
    )

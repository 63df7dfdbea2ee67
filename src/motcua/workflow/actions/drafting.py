"""Drawing a coming version: start a draft, save each edit of it, restore an earlier one, discard it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import vietnamese
from motcua.engine.bpmn import BpmnProblem, Problem, compile_bpmn
from motcua.engine.explain import Because
from motcua.engine.safe_xml import decode, parse_safely
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import queries, starting_charts
from motcua.workflow.actions import recording
from motcua.workflow.models import Draft, DraftEdit, Version, Workflow

LONGEST_KEY = 50
NO_DRAWING = Problem(
    code="NO_DRAWING",
    element_id="",
    line=0,
    because=Because(
        vi="Tệp chỉ có nội dung, không có hình vẽ (BPMNDiagram). Xuất lại từ công cụ vẽ, kèm hình.",
        en="The file has no drawing (BPMNDiagram). Export it again, with its shapes.",
    ),
)


class CannotStartDraft(Exception):
    """There is nothing to draw on, or the file holds what is not allowed."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class CannotSaveDraft(Exception):
    """The draft is no longer being drawn, or what was sent cannot be kept."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class DraftHasMoved(CannotSaveDraft):
    """Somebody else saved first; nothing was overwritten, and what was sent is kept aside."""

    def __init__(self, message: str, *, edit_id: int, drawn_on: int) -> None:
        super().__init__(message)
        self.edit_id = edit_id
        self.drawn_on = drawn_on


class CannotRestoreEdit(Exception):
    """The edit is not one of this draft's, or the draft has moved on or is closed."""


class CannotDiscardDraft(Exception):
    """The draft is no longer one that its drawers may throw away."""


@transaction.atomic(durable=True)
def start_draft(
    *,
    officer: people.Person,
    workflow_key: str,
    version_number: int,
    template: str = "",
    now: datetime,
) -> Draft:
    """Begin a draft of a coming version, drawn as a published one or as one of the product's charts."""
    version = (
        Version.objects.select_related("workflow__owner")
        .filter(workflow__key=workflow_key, number=version_number)
        .first()
    )
    if version is None:
        raise CannotStartDraft(
            _(
                "Quy trình “%(key)s” không có phiên bản %(number)d. Hãy chọn một phiên bản trong danh sách."
            )
            % {"key": workflow_key, "number": version_number}
        )
    _require_drawing(officer, version.workflow, now=now)
    if template and template not in starting_charts.CHARTS:
        raise CannotStartDraft(_no_such_template())
    return _begin(
        workflow=version.workflow,
        based_on=version,
        bpmn_xml=starting_charts.draw_chart(template, name=version.workflow.name)
        if template
        else version.bpmn_xml,
        officer=officer,
        cause=DraftEdit.Cause.STARTED,
        now=now,
    )


@transaction.atomic(durable=True)
def start_draft_from_template(
    *, officer: people.Person, name: str, owner_code: str, template: str, now: datetime
) -> Draft:
    """Begin a new workflow with one of the product's charts."""
    chart = starting_charts.CHARTS.get(template)
    if chart is None:
        raise CannotStartDraft(_no_such_template())
    workflow = _new_workflow(officer=officer, name=name, owner_code=owner_code, now=now)
    return _begin(
        workflow=workflow,
        based_on=None,
        bpmn_xml=starting_charts.draw_chart(template, name=workflow.name),
        officer=officer,
        cause=DraftEdit.Cause.STARTED,
        now=now,
    )


@transaction.atomic(durable=True)
def start_draft_from_file(
    *, officer: people.Person, name: str, owner_code: str, data: bytes, now: datetime
) -> Draft:
    """Begin a new workflow with the chart of a BPMN file, if all in it is allowed."""
    try:
        bpmn_xml = _read_file(data)
    except BpmnProblem as refused:
        raise CannotStartDraft(_refusal_of_file(refused), refused.problems) from refused
    workflow = _new_workflow(officer=officer, name=name, owner_code=owner_code, now=now)
    return _begin(
        workflow=workflow,
        based_on=None,
        bpmn_xml=bpmn_xml,
        officer=officer,
        cause=DraftEdit.Cause.IMPORTED,
        now=now,
    )


def save_draft(
    *,
    officer: people.Person,
    draft_id: int,
    drawn_on: int,
    bpmn_xml: str = "",
    file: bytes | None = None,
    now: datetime,
) -> Draft:
    """Save what was drawn on a revision, or the chart of a file, as the next revision.

    Faults of the chart do not hinder saving, only what cannot be kept at all. Raises DraftHasMoved
    when somebody else saved in between: what was sent is then kept aside, and nothing overwritten.
    """
    cause = DraftEdit.Cause.SAVED if file is None else DraftEdit.Cause.IMPORTED
    # Before anything that was sent is read: whoever may not draw here has no file parsed.
    _require_drawing(officer, queries.get_draft(draft_id).workflow, now=now)
    try:
        if file is None:
            parse_safely(bpmn_xml)
        else:
            bpmn_xml = _read_file(file)
    except BpmnProblem as refused:
        raise CannotSaveDraft(_refusal_of_file(refused), refused.problems) from refused
    with transaction.atomic(durable=True):
        draft = _lock(draft_id)
        _require_drawing(officer, draft.workflow, now=now)
        if draft.status != Draft.Status.DRAFT:
            raise CannotSaveDraft(_closed(draft))
        if draft.bpmn_xml == bpmn_xml:
            # A repeated save, after an answer that got lost, changes nothing.
            return draft
        if draft.revision == drawn_on:
            _add_edit(draft, bpmn_xml=bpmn_xml, cause=cause, officer=officer, now=now)
            return draft
        aside = _keep_aside(draft, bpmn_xml, drawn_on=drawn_on, officer=officer, now=now)
    # Outside the transaction: what came too late is kept although the save is refused.
    raise DraftHasMoved(_moved(draft), edit_id=aside.pk, drawn_on=drawn_on)


@transaction.atomic(durable=True)
def restore_edit(
    *, officer: people.Person, draft_id: int, edit_id: int, drawn_on: int, now: datetime
) -> Draft:
    """Make an earlier edit, or one kept aside, the newest revision; nothing between is lost."""
    draft = _lock(draft_id)
    _require_drawing(officer, draft.workflow, now=now)
    if draft.status != Draft.Status.DRAFT:
        raise CannotRestoreEdit(_closed(draft))
    if draft.revision != drawn_on:
        raise CannotRestoreEdit(_moved(draft))
    edit = draft.edits.filter(pk=edit_id).first()
    if edit is None:
        raise CannotRestoreEdit(
            _("Bản thảo này không có lần lưu đó. Hãy chọn lại trong lịch sử của bản thảo.")
        )
    if edit.bpmn_xml == draft.bpmn_xml:
        raise CannotRestoreEdit(
            _("Bản thảo hiện đã giống hệt lần lưu đó, nên không cần khôi phục.")
        )
    _add_edit(
        draft,
        bpmn_xml=edit.bpmn_xml,
        cause=DraftEdit.Cause.RESTORED,
        officer=officer,
        now=now,
    )
    return draft


@transaction.atomic(durable=True)
def discard_draft(*, officer: people.Person, draft_id: int, now: datetime) -> Draft:
    """Throw a draft away; what was drawn stays readable in its history."""
    draft = _lock(draft_id)
    _require_drawing(officer, draft.workflow, now=now)
    if draft.status != Draft.Status.DRAFT:
        raise CannotDiscardDraft(_closed(draft))
    draft.status = Draft.Status.DISCARDED
    draft.save(update_fields=["status"])
    _tell(draft, "draft.discarded", officer=officer, now=now)
    return draft


def _no_such_template() -> str:
    return _("Không có mẫu lưu đồ này. Hãy chọn một mẫu trong danh sách.")


def _lock(draft_id: int) -> Draft:
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("workflow__owner", "edited_by")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None:
        raise queries.no_such_draft(draft_id)
    return draft


def _require_drawing(officer: people.Person, workflow: Workflow, *, now: datetime) -> None:
    # A workflow without an owner is nobody's own: only who may draw everywhere draws it.
    owner = workflow.owner
    people_actions.require(
        officer,
        "workflow.draw",
        now=now,
        agency_id=owner.pk if owner else 0,
        agency_path=owner.path if owner else "",
    )


def _new_workflow(*, officer: people.Person, name: str, owner_code: str, now: datetime) -> Workflow:
    owner = people.get_agency(owner_code)
    people_actions.require(
        officer, "workflow.draw", now=now, agency_id=owner.pk, agency_path=owner.path
    )
    name = vietnamese.tidy(name)
    if not name:
        raise CannotStartDraft(_("Quy trình phải có tên. Hãy đặt tên cho quy trình."))
    stem = re.sub(r"[^a-z0-9]+", "-", vietnamese.fold(name)).strip("-")[:LONGEST_KEY] or "quy-trinh"
    _let_one_be_named(stem)
    taken = set(Workflow.objects.filter(key__startswith=stem).values_list("key", flat=True))
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return Workflow.objects.create(key=key, name=name[:200], owner=owner)


def _let_one_be_named(stem: str) -> None:
    """Make whoever begins a workflow of the same name wait: the row that is not there yet locks nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"workflow.key:{stem}"]
        )


def _begin(
    *,
    workflow: Workflow,
    based_on: Version | None,
    bpmn_xml: str,
    officer: people.Person,
    cause: DraftEdit.Cause,
    now: datetime,
) -> Draft:
    draft = Draft.objects.create(
        workflow=workflow,
        based_on=based_on,
        name=workflow.name,
        bpmn_xml=bpmn_xml,
        created_by_id=officer.id,
        created_at=now,
        edited_by_id=officer.id,
        edited_at=now,
    )
    DraftEdit.objects.create(
        draft=draft,
        cause=cause,
        revision=draft.revision,
        drawn_on=0,
        bpmn_xml=bpmn_xml,
        edited_by_id=officer.id,
        edited_at=now,
    )
    _tell(draft, "draft.started", officer=officer, now=now)
    recording.play_tests(draft, now=now)
    return draft


def _add_edit(
    draft: Draft,
    *,
    bpmn_xml: str,
    cause: DraftEdit.Cause,
    officer: people.Person,
    now: datetime,
) -> None:
    drawn_on = draft.revision
    draft.bpmn_xml, draft.revision = bpmn_xml, drawn_on + 1
    draft.edited_by_id, draft.edited_at = officer.id, now
    draft.save(update_fields=["bpmn_xml", "revision", "edited_by", "edited_at"])
    DraftEdit.objects.create(
        draft=draft,
        cause=cause,
        revision=draft.revision,
        drawn_on=drawn_on,
        bpmn_xml=bpmn_xml,
        edited_by_id=officer.id,
        edited_at=now,
    )
    _tell(draft, f"draft.{cause.lower()}", officer=officer, now=now)
    recording.play_tests(draft, now=now)


def _keep_aside(
    draft: Draft, bpmn_xml: str, *, drawn_on: int, officer: people.Person, now: datetime
) -> DraftEdit:
    edit, _is_new = DraftEdit.objects.get_or_create(
        draft=draft,
        cause=DraftEdit.Cause.ASIDE,
        drawn_on=drawn_on,
        bpmn_xml=bpmn_xml,
        edited_by_id=officer.id,
        defaults={"edited_at": now},
    )
    return edit


def _tell(draft: Draft, event: str, *, officer: people.Person, now: datetime) -> None:
    audit.record(
        event=event,
        subject=f"workflow:{draft.workflow.key}",
        actor_id=officer.id,
        at=now,
        because=draft.name,
        facts={
            "draft": draft.pk,
            "revision": draft.revision,
            "drawing": hashlib.sha256(draft.bpmn_xml.encode()).hexdigest(),
        },
    )


def _read_file(data: bytes) -> str:
    """Return the BPMN of a file in which everything is allowed; raise BpmnProblem otherwise."""
    compile_bpmn(data)
    if parse_safely(data).find("{*}BPMNDiagram") is None:
        raise BpmnProblem((NO_DRAWING,))
    return decode(data)


def _refusal_of_file(refused: BpmnProblem) -> str:
    count = len(refused.problems)
    return _(
        "Bản vẽ không nhận được vì có %(count)d chỗ hệ thống không dùng hoặc không đọc được. Hãy sửa các "
        "chỗ nêu dưới đây rồi làm lại; chưa có gì thay đổi."
    ) % {"count": count}


def _closed(draft: Draft) -> str:
    return _(
        "Bản thảo “%(name)s” hiện ở trạng thái “%(status)s” nên không sửa được nữa. Hãy tạo bản thảo mới nếu "
        "cần thay đổi."
    ) % {"name": draft.name, "status": draft.get_status_display()}


def _moved(draft: Draft) -> str:
    at = timezone.localtime(draft.edited_at)
    return _(
        "%(who)s đã lưu bản thảo này lúc %(at)s, sau khi anh/chị mở nó. Không có gì bị ghi đè: hãy xem chỗ "
        "người kia đã đổi, rồi mở bản mới nhất hoặc đưa bản của mình lên trên."
    ) % {"who": draft.edited_by.full_name, "at": f"{at:%H:%M:%S %d/%m/%Y}"}

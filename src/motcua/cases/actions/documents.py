"""Adds files to a case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import queries
from motcua.cases.models import Case, Document
from motcua.files import actions as files
from motcua.people import actions as people_actions
from motcua.people import queries as people


class CannotAddDocument(Exception):
    """The file cannot be added to this case."""


@transaction.atomic(durable=True)
def add_document(
    *,
    officer: people.Person,
    case_code: str,
    title: str,
    name: str,
    content: bytes,
    component_id: int | None = None,
    now: datetime,
) -> Document:
    """Add a file to a case; raise CannotAddDocument when it is not of a type that is kept."""
    case = queries.get_case_in_scope(case_code=case_code, officer=officer, now=now)
    _check(case, officer, component_id=component_id, now=now)
    try:
        stored = files.store_file(officer=officer, name=name, content=content, now=now)
    except files.CannotStoreFile as error:
        raise CannotAddDocument(str(error)) from error
    document = Document.objects.create(
        case=case,
        component_id=component_id,
        file_id=stored.pk,
        title=title.strip()[:300] or stored.name,
        added_at=now,
        added_by_id=officer.id,
    )
    audit.record(
        event="case.document_added",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"document": document.pk, "sha256": stored.sha256, "title": document.title},
    )
    return document


def _check(case: Case, officer: people.Person, *, component_id: int | None, now: datetime) -> None:
    """Refuse who only looks on, a case that is closed, a component of another variant."""
    if not queries.works_on(case, officer, now=now):
        raise people_actions.NotAllowed(
            _(
                "Anh/chị xem được hồ sơ %(code)s nhưng không tiếp nhận hay xử lý hồ sơ này, nên không thêm tài "
                "liệu được. Hãy gửi tài liệu cho đơn vị đang giải quyết."
            )
            % {"code": case.code}
        )
    if case.status == Case.Status.RETURNED:
        raise CannotAddDocument(
            _("Hồ sơ %(code)s đã trả kết quả nên không thêm tài liệu được nữa.")
            % {"code": case.code}
        )
    if component_id is not None and not queries.has_component(case, component_id):
        raise CannotAddDocument(
            _("Giấy tờ đã chọn không thuộc thành phần của hồ sơ này. Hãy chọn lại.")
        )

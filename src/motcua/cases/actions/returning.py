"""Hands the result of a finished case over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, queries, result_queries
from motcua.cases.actions.results import mark_handed_over
from motcua.cases.actions.standings import keep_standing
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.models import Case, Direction, PostalItem, Result
from motcua.engine import vietnamese
from motcua.people import actions as people_actions
from motcua.people import queries as people

LONGEST_NAME = 200


class CannotReturnResult(Exception):
    """The result is not ready, or was already handed over."""


@transaction.atomic(durable=True)
def return_result(
    *, officer: people.Person, case_code: str, returned_to: str, now: datetime
) -> Case:
    """Hand the result of a finished case over to the citizen; raise CannotReturnResult or NoSuchCase."""
    audit.hold(f"case:{case_code}")
    # Most cases have none recorded: asked along with the case, since counters do this all day.
    has_result = Exists(Result.objects.filter(case=OuterRef("pk")))
    known = (
        Case.objects.annotate(has_result=has_result)
        .select_related("revision")
        .select_for_update(of=("self",))
    )
    case = known.filter(code=case_code).first()
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    people_actions.require(officer, "cases.return", now=now, agency_id=case.receiving_agency_id)
    if case.status == Case.Status.RETURNED and case.returned_at is not None:
        raise CannotReturnResult(
            _("Kết quả hồ sơ %(code)s đã trả cho %(who)s lúc %(at)s, không thể trả lần nữa.")
            % {
                "code": case.code,
                "who": case.returned_to,
                "at": queries.moment_words(case.returned_at),
            }
        )
    if case.status != Case.Status.DONE:
        raise CannotReturnResult(
            _(
                "Hồ sơ %(code)s đang ở trạng thái “%(status)s”, chưa có kết quả để trả. Hãy đợi bước cuối "
                "hoàn thành."
            )
            % {"code": case.code, "status": case.get_status_display()}
        )
    is_asked = case.has_result or result_queries.must_be_recorded(case)
    if is_asked and (why := result_queries.why_not_ready(case)):
        raise CannotReturnResult(why)
    _require_not_on_its_way(case)
    name = vietnamese.tidy(returned_to)
    if not name:
        raise CannotReturnResult(_("Hãy nhập họ tên người nhận kết quả."))
    if len(name) > LONGEST_NAME:
        raise CannotReturnResult(
            _("Họ tên người nhận dài quá %(most)s ký tự. Hãy ghi ngắn hơn.")
            % {"most": LONGEST_NAME}
        )
    case.status, case.returned_at, case.returned_to = Case.Status.RETURNED, now, name
    case.save(update_fields=["status", "returned_at", "returned_to"])
    if case.has_result:
        mark_handed_over(case, to=name, officer=officer, at=now)
    audit.record(
        event="case.returned",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"returned_to": name},
    )
    tell_applicant(case, "returned", receiver=name, now=now)
    events.case_returned.send(sender=Case, case_id=case.pk)
    return case


@transaction.atomic(durable=True)
def take_back_return(*, officer: people.Person, case_code: str, reason: str, now: datetime) -> Case:
    """Take a hand-over at the counter back that was recorded by mistake: the result waits again.

    Only as long as law/product/undo.yaml says. Raises CannotReturnResult, NotAllowed or NoSuchCase.
    """
    audit.hold(f"case:{case_code}")
    case = Case.objects.select_for_update().filter(code=case_code).first()
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    people_actions.require(officer, "cases.return", now=now, agency_id=case.receiving_agency_id)
    if why := result_queries.why_return_stands(case, now=now):
        raise CannotReturnResult(why)
    words = vietnamese.tidy(reason)
    if not words:
        raise CannotReturnResult(_("Hãy ghi vì sao rút lại."))
    facts = {"reason": words, "returned_to": case.returned_to, "returned_at": str(case.returned_at)}
    keep_standing(case, now=now)
    case.status, case.returned_at, case.returned_to = Case.Status.DONE, None, ""
    case.save(update_fields=["status", "returned_at", "returned_to"])
    Result.objects.filter(case=case, revoked_at=None).update(
        handed_over_at=None, handed_over_by=None, handed_over_to=""
    )
    audit.record(
        event="case.return_taken_back",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        because=words,
        facts=facts,
    )
    tell_applicant(case, "taken_back", now=now)
    return case


def _require_not_on_its_way(case: Case) -> None:
    item = PostalItem.objects.filter(
        case=case,
        direction=Direction.LEAVING,
        sent_at__isnull=False,
        failed_at=None,
        recalled_at=None,
    ).first()
    if item is not None:
        raise CannotReturnResult(
            _(
                "Kết quả hồ sơ %(code)s đã giao bưu chính (số hiệu %(number)s). Nếu bưu chính chuyển hoàn, hãy "
                "ghi việc đó ở trang Bưu chính trước khi trả tại quầy."
            )
            % {"code": case.code, "number": item.tracking_number}
        )

"""Ends a case before its result: refused within its deadline, withdrawn by the citizen, or stopped."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, mirror_queries, queries
from motcua.cases.actions.clock_records import require_at_case
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.models import Case
from motcua.cases.recounting import rules_of
from motcua.engine import duties
from motcua.people import queries as people
from motcua.workflow import actions as workflow

# event → what the citizen is told (law/forms/citizen_messages.yaml).
_TOLD = {"case.refused": "refusal", "case.withdrawn": "withdrawal", "case.stopped": "stop"}


class CannotEndCase(Exception):
    """The case is over already, its deadline has passed, or no reason is given."""


@transaction.atomic(durable=True)
def refuse_case(*, officer: people.Person, case_code: str, reason: str, now: datetime) -> Case:
    """Refuse to settle a case, with a reason in words, before its deadline (NĐ 61/2018 Đ19.8).

    Raises CannotEndCase, NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.end", now=now)
    rules = rules_of(case)
    is_stopped = case.clock_stopped_at is not None
    if not duties.may_refuse(due_at=case.due_at, is_stopped=is_stopped, at=now, rules=rules):
        raise CannotEndCase(
            _(
                "Thông báo từ chối phải gửi trong thời hạn giải quyết (%(source)s), mà hạn của hồ sơ "
                "%(code)s đã hết lúc %(due)s. Hồ sơ quá hạn phải được giải quyết tiếp, kèm văn bản "
                "xin lỗi."
            )
            % {
                "source": rules.refusal.because.source,
                "code": case.code,
                "due": queries.moment_words(case.due_at),
            }
        )
    return _end(case, Case.Status.REFUSED, "case.refused", officer, reason, now=now)


@transaction.atomic(durable=True)
def withdraw_case(*, officer: people.Person, case_code: str, reason: str, now: datetime) -> Case:
    """Give a case back because the citizen asks for it; raise CannotEndCase, NotAllowed, NoSuchCase."""
    case = _lock(officer, case_code, "cases.withdraw", now=now)
    return _end(case, Case.Status.WITHDRAWN, "case.withdrawn", officer, reason, now=now)


@transaction.atomic(durable=True)
def stop_case(*, officer: people.Person, case_code: str, reason: str, now: datetime) -> Case:
    """Stop settling a case (notice of stop); raise CannotEndCase, NotAllowed or NoSuchCase."""
    case = _lock(officer, case_code, "cases.end", now=now)
    return _end(case, Case.Status.STOPPED, "case.stopped", officer, reason, now=now)


def _lock(officer: people.Person, case_code: str, function: str, *, now: datetime) -> Case:
    audit.hold(f"case:{case_code}")
    case = Case.objects.select_for_update().filter(code=case_code).first()
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    require_at_case(officer, function, case, now=now)
    if why := mirror_queries.why_theirs(case.pk):
        raise CannotEndCase(why)
    if case.finished_at is not None:
        raise CannotEndCase(
            _("Hồ sơ %(code)s đã ở trạng thái “%(status)s” từ %(at)s, nên không ghi gì thêm.")
            % {
                "code": case.code,
                "status": case.get_status_display(),
                "at": queries.moment_words(case.finished_at),
            }
        )
    return case


def _end(
    case: Case,
    status: Case.Status,
    event: str,
    officer: people.Person,
    reason: str,
    *,
    now: datetime,
) -> Case:
    words = reason.strip()
    if not words:
        raise CannotEndCase(
            _("Hãy ghi lý do bằng lời, để người dân hiểu vì sao hồ sơ không được giải quyết tiếp.")
        )
    closed = workflow.close_run(run_id=case.run_id, officer_id=officer.id, reason=words, now=now)
    now = closed.closed_at
    case.status, case.finished_at, case.clock_stopped_at = status, now, None
    case.save(update_fields=["status", "finished_at", "clock_stopped_at"])
    audit.record(
        event=event,
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        because=words,
        facts={
            "reason": words,
            "steps_left": list(closed.steps_left),
            "standing": {name: list(ids) for name, ids in asdict(closed.standing).items()},
        },
    )
    tell_applicant(case, _TOLD[event], reason=words, now=now)
    events.case_ended.send(sender=Case, case_id=case.pk, event=event)
    return case

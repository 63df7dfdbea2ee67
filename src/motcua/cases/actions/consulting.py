"""Asks another agency about a case, within a time limit of its own, and keeps its answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import clock_queries, events, queries
from motcua.cases.actions.clock_records import require_at_case
from motcua.cases.models import Case, Consultation
from motcua.cases.recounting import rules_of
from motcua.engine import deadlines
from motcua.engine.limits import LimitRefused, parse_limit
from motcua.people import actions as people_actions
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.people.models import Agency


class CannotConsult(Exception):
    """The question cannot be asked, or not be answered any more; the message says why."""


@transaction.atomic(durable=True)
def consult_agency(
    *,
    officer: people.Person,
    case_code: str,
    agency_code: str,
    question: str,
    limit: str,
    now: datetime,
) -> Consultation:
    """Ask an agency for its opinion, to be given within a limit (NĐ 61/2018 Đ19.5).

    The clock of the case runs on. Raises CannotConsult, NotAllowed or NoSuchCase.
    """
    audit.hold(f"case:{case_code}")
    case = Case.objects.select_for_update(of=("self",)).filter(code=case_code)
    found = case.select_related("receiving_agency").first()
    if found is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    require_at_case(officer, "cases.consult", found, now=now)
    agency = _agency(agency_code, found, now=now)
    if found.finished_at is not None:
        raise CannotConsult(
            _("Hồ sơ %(code)s đã kết thúc, nên không lấy ý kiến nữa.") % {"code": found.code}
        )
    words = question.strip()
    if not words:
        raise CannotConsult(_("Hãy ghi nội dung cần lấy ý kiến."))
    try:
        due_at = deadlines.due_at(
            received_at=now,
            limit=parse_limit(limit),
            calendar=clock_queries.calendar_of_unit(agency.code),
            rules=rules_of(found),
        )
    except LimitRefused as refusal:
        raise CannotConsult(str(refusal)) from refusal
    if Consultation.objects.filter(case=found, agency=agency, answered_at=None).exists():
        raise CannotConsult(
            _("%(agency)s đã được hỏi về hồ sơ này và chưa trả lời. Hãy đợi trả lời hoặc đôn đốc.")
            % {"agency": agency.name}
        )
    consultation = Consultation.objects.create(
        case=found,
        agency=agency,
        question=words,
        asked_at=now,
        asked_by_id=officer.id,
        due_at=due_at,
    )
    audit.record(
        event="case.consulted",
        subject=f"case:{found.code}",
        actor_id=officer.id,
        at=now,
        facts={"agency": agency.code, "question": words, "due_at": due_at.isoformat()},
    )
    events.consulted.send(sender=Case, consultation_id=consultation.pk)
    return consultation


def _agency(code: str, case: Case, *, now: datetime) -> Agency:
    try:
        agency = people.get_agency(code)
    except people.NoSuchAgency as error:
        raise CannotConsult(str(error)) from error
    today = timezone.localtime(now).date()
    if agency.ends_on is not None and agency.ends_on <= today:
        heir = agency.successor.name if agency.successor else ""
        raise CannotConsult(
            _("%(agency)s không còn hoạt động từ %(day)s. %(heir)s").strip()
            % {
                "agency": agency.name,
                "day": f"{agency.ends_on:%d/%m/%Y}",
                "heir": _("Hãy hỏi cơ quan kế thừa: %(heir)s.") % {"heir": heir} if heir else "",
            }
        )
    if agency.pk == case.settling_agency_id:
        raise CannotConsult(
            _("%(agency)s đang giải quyết hồ sơ này, không cần lấy ý kiến của chính mình.")
            % {"agency": agency.name}
        )
    return agency


@transaction.atomic(durable=True)
def answer_consultation(
    *, officer: people.Person, consultation_id: int, answer: str, now: datetime
) -> Consultation:
    """Give the agency's opinion, in time or late; raise CannotConsult, NotAllowed or NoSuchCase.

    Silence is no consent: a question whose time has run out stays without an answer, and shows so.
    """
    asked = Consultation.objects.select_related("case", "agency").filter(pk=consultation_id)
    first = asked.first()
    if first is None:
        raise queries.NoSuchCase(_("Không có phiếu lấy ý kiến này."))
    audit.hold(f"case:{first.case.code}")
    found = asked.select_for_update(of=("self",)).get()
    people_actions.require(officer, "cases.answer", now=now, agency_id=found.agency_id)
    if found.answered_at is not None:
        who = people.get_name(found.answered_by_id) if found.answered_by_id else ""
        raise CannotConsult(
            _("Phiếu này đã được %(who)s trả lời lúc %(at)s, nên lần này không ghi gì thêm.")
            % {"who": who, "at": queries.moment_words(found.answered_at)}
        )
    words = answer.strip()
    if not words:
        raise CannotConsult(_("Hãy ghi ý kiến trả lời."))
    found.answer, found.answered_at, found.answered_by_id = words, now, officer.id
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(
        event="case.consultation_answered",
        subject=f"case:{found.case.code}",
        actor_id=officer.id,
        at=now,
        facts={"agency": found.agency.code, "answer": words, "is_late": now > found.due_at},
    )
    return found

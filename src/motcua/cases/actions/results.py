"""Drafts, signs, numbers, hands over, keeps and revokes the result of a case."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.audit import queries as audit_queries
from motcua.cases import queries, result_queries
from motcua.cases.actions.recalling import call_back_from_post
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.models import Case, Result
from motcua.engine import case_codes, vietnamese
from motcua.files import actions as files
from motcua.people import actions as people_actions
from motcua.people import queries as people

_ENDINGS = {
    Case.Status.REFUSED: "case.refused",
    Case.Status.WITHDRAWN: "case.withdrawn",
    Case.Status.STOPPED: "case.stopped",
}
_FINISHED = {Case.Status.DONE, Case.Status.RETURNED}


class CannotChangeResult(Exception):
    """The result, or its case, has not come so far or is past it; the words say who and when."""


@transaction.atomic(durable=True)
def draft_result(
    *,
    officer: people.Person,
    case_code: str,
    title: str,
    name: str,
    content: bytes,
    now: datetime,
) -> Result:
    """Put a file forward as the result of a case, or another in place of a draft.

    Raises CannotChangeResult, NotAllowed or NoSuchCase.
    """
    case = _lock(case_code)
    people_actions.require(officer, "results.draft", now=now, agency_id=case.settling_agency_id)
    _require_not_given_up(case)
    result = result_queries.find_valid(case) or Result(case=case)
    if result.signed_at is not None:
        raise CannotChangeResult(_told(result))
    try:
        stored = files.store_file(officer=officer, name=name, content=content, now=now)
    except files.CannotStoreFile as error:
        raise CannotChangeResult(str(error)) from error
    result.file, result.title = stored, vietnamese.tidy(title)[:300] or stored.name
    result.drafted_at, result.drafted_by_id = now, officer.id
    result.save()
    _record("case.result_drafted", result, officer, {"sha256": stored.sha256}, now=now)
    return result


@transaction.atomic(durable=True)
def sign_result(*, officer: people.Person, case_code: str, result_id: int, now: datetime) -> Result:
    """Sign a drafted result: from now on its file stays as it is.

    Records who signed, for which agency; the signature inside the file is no matter of this action.
    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    agency_id = result_queries.find_signing_agency(case, officer, now=now)
    if agency_id is None:
        people_actions.require(officer, "results.sign", now=now, agency_id=case.settling_agency_id)
    _require_not_given_up(case)
    _require_stage(result, Result.Stage.DRAFT)
    result.signed_at, result.signed_by_id, result.signed_at_agency_id = now, officer.id, agency_id
    result.save(update_fields=["signed_at", "signed_by", "signed_at_agency"])
    _record("case.result_signed", result, officer, {"sha256": result.file.sha256}, now=now)
    return result


@transaction.atomic(durable=True)
def number_result(
    *,
    officer: people.Person,
    case_code: str,
    result_id: int,
    document_number: str,
    document_date: date,
    now: datetime,
) -> Result:
    """Give a signed result its document number and date, and its code <case>-KQ(n) (NĐ 45/2020 Đ14.3).

    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    people_actions.require(officer, "results.number", now=now, agency_id=case.settling_agency_id)
    _require_not_given_up(case)
    _require_stage(result, Result.Stage.SIGNED)
    if case.status not in _FINISHED:
        raise CannotChangeResult(
            _(
                "Hồ sơ %(code)s đang ở trạng thái “%(status)s”, nên chưa cấp số được. Hãy hoàn thành bước "
                "cuối trước."
            )
            % {"code": case.code, "status": case.get_status_display()}
        )
    _require_day(document_date, now=now)
    result.document_number = _words(document_number, 60, _("Hãy ghi số, ký hiệu văn bản."))
    result.document_date = document_date
    last = Result.objects.filter(case=case).aggregate(last=Max("number"))["last"]
    result.number = int(last or 0) + 1
    result.code = case_codes.result_code(case.code, result.number)
    result.numbered_at, result.numbered_by_id = now, officer.id
    result.save()
    _record(
        "case.result_numbered",
        result,
        officer,
        {"document_number": result.document_number, "document_date": str(document_date)},
        now=now,
    )
    return result


@transaction.atomic(durable=True)
def hand_over_replacement(
    *, officer: people.Person, case_code: str, result_id: int, handed_over_to: str, now: datetime
) -> Result:
    """Hand over a result that replaces a revoked one; when the case was returned stays as it was.

    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    people_actions.require(officer, "cases.return", now=now, agency_id=case.receiving_agency_id)
    if case.status != Case.Status.RETURNED:
        raise CannotChangeResult(
            _("Hồ sơ %(code)s chưa trả kết quả lần nào. Hãy trả ở trang Trả kết quả.")
            % {"code": case.code}
        )
    _require_stage(result, Result.Stage.NUMBERED)
    name = _words(handed_over_to, 200, _("Hãy nhập họ tên người nhận kết quả."))
    mark_handed_over(case, to=name, officer=officer, at=now)
    result.refresh_from_db()
    _record("case.result_handed_over", result, officer, {"handed_over_to": name}, now=now)
    tell_applicant(case, "returned", receiver=name, now=now)
    return result


def mark_handed_over(case: Case, *, to: str, officer: people.Person, at: datetime) -> None:
    """Note on the valid result, if it is numbered, that it was handed over; writes no trail.

    Called inside the transactions that return a case, at the counter and by post.
    """
    Result.objects.filter(
        case=case, revoked_at=None, numbered_at__lte=at, handed_over_at=None
    ).update(handed_over_at=at, handed_over_by_id=officer.id, handed_over_to=to)


@transaction.atomic(durable=True)
def archive_result(
    *, officer: people.Person, case_code: str, result_id: int, place: str, now: datetime
) -> Result:
    """Note that a result that was handed over lies in the archive, and where.

    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    people_actions.require(officer, "results.archive", now=now, agency_id=case.settling_agency_id)
    _require_stage(result, Result.Stage.HANDED_OVER)
    result.archive_place = _words(place, 200, _("Hãy ghi nơi lưu, ví dụ: hộp 12, kệ 3."))
    result.archived_at, result.archived_by_id = now, officer.id
    result.save(update_fields=["archive_place", "archived_at", "archived_by"])
    _record("case.result_archived", result, officer, {"place": result.archive_place}, now=now)
    return result


@transaction.atomic(durable=True)
def revoke_result(
    *,
    officer: people.Person,
    case_code: str,
    result_id: int,
    decision: str,
    reason: str,
    now: datetime,
) -> Result:
    """Revoke a signed result by a decision; it stays to be found, marked, and the citizen hears of it.

    Where the post carries it, it is called back. Source: NĐ 45/2020 Đ15. Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    people_actions.require(officer, "results.revoke", now=now, agency_id=case.settling_agency_id)
    if result.signed_at is None:
        raise CannotChangeResult(
            _("Kết quả này mới là dự thảo, chưa có gì để thu hồi. Hãy thay tệp dự thảo khác.")
        )
    if result.revoked_at is not None:
        raise CannotChangeResult(_told(result))
    result.revocation_decision = _words(decision, 100, _("Hãy ghi số quyết định thu hồi."))
    result.revocation_reason = _words(reason, 4000, _("Hãy ghi lý do thu hồi bằng lời."))
    result.revoked_at, result.revoked_by_id = now, officer.id
    result.save(
        update_fields=["revocation_decision", "revocation_reason", "revoked_at", "revoked_by"]
    )
    facts = {"decision": result.revocation_decision, "reason": result.revocation_reason}
    _record("case.result_revoked", result, officer, facts, now=now)
    call_back_from_post(case, officer=officer, now=now)
    # What nobody outside has seen is nobody's news.
    if result.numbered_at is not None:
        tell_applicant(case, "result_revoked", reason=result.revocation_reason, now=now)
    return result


@transaction.atomic(durable=True)
def take_back_signature(
    *, officer: people.Person, case_code: str, result_id: int, reason: str, now: datetime
) -> Result:
    """Make a signed result a draft again, by whoever signed it, before it has a number.

    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    if result_queries.find_signing_agency(case, officer, now=now) is None:
        people_actions.require(officer, "results.sign", now=now, agency_id=case.settling_agency_id)
    _require_stage(result, Result.Stage.SIGNED)
    if result.signed_by_id != officer.id:
        raise CannotChangeResult(
            _("%(who)s đã ký kết quả này, nên chỉ người ấy rút chữ ký được.")
            % {"who": result.signed_by.full_name}
        )
    words = _words(reason, 4000, _("Hãy ghi vì sao rút lại."))
    facts = {"reason": words, "signed_at": str(result.signed_at)}
    result.signed_at = result.signed_by = result.signed_at_agency = None
    result.save(update_fields=["signed_at", "signed_by", "signed_at_agency"])
    _record("case.result_signature_taken_back", result, officer, facts, now=now)
    return result


@transaction.atomic(durable=True)
def take_back_archiving(
    *, officer: people.Person, case_code: str, result_id: int, reason: str, now: datetime
) -> Result:
    """Note that a result does not lie in the archive after all.

    Raises CannotChangeResult, NotAllowed, NoSuchCase or NoSuchResult.
    """
    case, result = _lock_both(case_code, result_id)
    people_actions.require(officer, "results.archive", now=now, agency_id=case.settling_agency_id)
    _require_stage(result, Result.Stage.ARCHIVED)
    words = _words(reason, 4000, _("Hãy ghi vì sao rút lại."))
    facts = {"reason": words, "place": result.archive_place}
    result.archived_at, result.archived_by, result.archive_place = None, None, ""
    result.save(update_fields=["archived_at", "archived_by", "archive_place"])
    _record("case.result_archiving_taken_back", result, officer, facts, now=now)
    return result


def _lock(case_code: str) -> Case:
    audit.hold(f"case:{case_code}")
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("receiving_agency", "settling_agency")
        .filter(code=case_code)
        .first()
    )
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    return case


def _lock_both(case_code: str, result_id: int) -> tuple[Case, Result]:
    case = _lock(case_code)
    return case, result_queries.get_result(case_code=case.code, result_id=result_id)


def _require_not_given_up(case: Case) -> None:
    event = _ENDINGS.get(Case.Status(case.status))
    if event is None or case.finished_at is None:
        return
    ended = audit_queries.list_entries(f"case:{case.code}").filter(event=event).last()
    raise CannotChangeResult(
        _("Hồ sơ %(code)s đã được %(who)s ghi “%(status)s” lúc %(at)s, nên không có kết quả nữa.")
        % {
            "code": case.code,
            "who": ended.actor.full_name if ended and ended.actor else "",
            "status": case.get_status_display(),
            "at": queries.moment_words(case.finished_at),
        }
    )


def _require_stage(result: Result, wanted: Result.Stage) -> None:
    if result.stage != wanted:
        raise CannotChangeResult(_told(result))


def _told(result: Result) -> str:
    """Return how far a result has come, by whom and when, as the reason for refusing."""
    at, who = {
        result.Stage.DRAFT: (result.drafted_at, result.drafted_by),
        result.Stage.SIGNED: (result.signed_at, result.signed_by),
        result.Stage.NUMBERED: (result.numbered_at, result.numbered_by),
        result.Stage.HANDED_OVER: (result.handed_over_at, result.handed_over_by),
        result.Stage.ARCHIVED: (result.archived_at, result.archived_by),
        result.Stage.REVOKED: (result.revoked_at, result.revoked_by),
    }[result.stage]
    return _(
        "Kết quả “%(title)s” đang ở chặng “%(stage)s” (%(who)s, %(at)s), nên lần này không ghi gì thêm."
    ) % {
        "title": result.code or result.title,
        "stage": result.stage.label,
        "who": who.full_name if who else "",
        "at": queries.moment_words(at) if at else "",
    }


def _require_day(day: date, *, now: datetime) -> None:
    today = timezone.localtime(now).date()
    if day > today:
        raise CannotChangeResult(
            _("Ngày văn bản %(day)s còn ở phía trước. Hãy ghi ngày ký văn bản.")
            % {"day": f"{day:%d/%m/%Y}"}
        )


def _words(text: str, most: int, missing: str) -> str:
    words = vietnamese.tidy(text)
    if not words:
        raise CannotChangeResult(missing)
    if len(words) > most:
        raise CannotChangeResult(_("Dài quá %(most)s ký tự. Hãy ghi ngắn hơn.") % {"most": most})
    return words


def _record(
    event: str, result: Result, officer: people.Person, facts: dict[str, str], *, now: datetime
) -> None:
    audit.record(
        event=event,
        subject=f"case:{result.case.code}",
        actor_id=officer.id,
        at=now,
        facts={"result": result.code or result.title, "result_id": result.pk, **facts},
    )

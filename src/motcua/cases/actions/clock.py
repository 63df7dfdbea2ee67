"""Moves the clock of a case: what happened is recorded, and the due time counted again with reasons."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import mirror_queries, queries
from motcua.cases.actions.clock_records import (
    CannotMoveClock,
    ClockMoved,
    count_with,
    locked,
    record_event,
    require_at_case,
    waiting_status,
)
from motcua.cases.models import Case, ClockEvent
from motcua.engine import clock_events as engine
from motcua.engine.limits import Limit
from motcua.people import queries as people


@transaction.atomic(durable=True)
def request_supplement(
    *,
    officer: people.Person,
    case_code: str,
    reason: str,
    is_second_meant: bool = False,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Ask the citizen for what is missing, in words, and stop the clock (NĐ 61/2018 Đ17.2a, Đ19.4).

    A further request warns: it happens only when it `is_second_meant`. Raises CannotMoveClock,
    NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.ask_citizen", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.SUPPLEMENT_REQUESTED)
    deadline = count_with(case, event, now=now)
    if deadline.warnings and not is_second_meant:
        raise CannotMoveClock(
            _("%(warning)s. Nếu vẫn phải yêu cầu, hãy xác nhận đây là lần yêu cầu thêm.")
            % {"warning": deadline.warnings[-1].text("vi")}
        )
    return record_event(
        case,
        event,
        deadline,
        officer=officer,
        reason=_words(reason, _("Hãy ghi rõ giấy tờ nào còn thiếu hoặc cần sửa, và vì sao.")),
        status=Case.Status.SUPPLEMENT,
        now=now,
    )


@transaction.atomic(durable=True)
def take_supplement(
    *,
    officer: people.Person,
    case_code: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Take in the papers that were asked for; the clock goes on as the law of the case's day says.

    Raises CannotMoveClock (nothing was asked for, or it was answered already), NotAllowed or
    NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.take_supplement", now=now)
    return _resume(
        case, engine.EventKind.SUPPLEMENTED, officer=officer, reason=note, at=at, now=now
    )


@transaction.atomic(durable=True)
def return_after_appraisal(
    *,
    officer: people.Person,
    case_code: str,
    reason: str,
    is_late_meant: bool = False,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Send a file that does not meet the conditions back to be completed (NĐ 61/2018 Đ19.4).

    The clock stands still until it comes again. After the days that the law gives for it this warns,
    and happens only when it `is_late_meant`. Raises CannotMoveClock, NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.return_file", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.RETURNED_AFTER_APPRAISAL)
    before = len(count_with(case, None, now=now).warnings)
    deadline = count_with(case, event, now=now)
    if len(deadline.warnings) > before and not is_late_meant:
        raise CannotMoveClock(
            _("%(warning)s. Nếu vẫn phải trả lại, hãy xác nhận biết là trả lại muộn.")
            % {"warning": deadline.warnings[-1].text("vi")}
        )
    return record_event(
        case,
        event,
        deadline,
        officer=officer,
        reason=_words(
            reason, _("Hãy ghi rõ hồ sơ chưa đủ điều kiện ở điểm nào, cần hoàn thiện gì.")
        ),
        status=Case.Status.SUPPLEMENT,
        now=now,
    )


@transaction.atomic(durable=True)
def take_file_again(
    *,
    officer: people.Person,
    case_code: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Take in a file that was sent back, now complete; the limit begins as the law of its day says.

    Raises CannotMoveClock (it was not sent back), NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.take_supplement", now=now)
    return _resume(case, engine.EventKind.RESUBMITTED, officer=officer, reason=note, at=at, now=now)


@transaction.atomic(durable=True)
def request_payment(
    *,
    officer: people.Person,
    case_code: str,
    reason: str,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Tell the citizen what must be paid, and stop the clock until it is.

    Raises CannotMoveClock, NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.ask_citizen", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.PAYMENT_REQUESTED)
    return record_event(
        case,
        event,
        count_with(case, event, now=now),
        officer=officer,
        reason=_words(reason, _("Hãy ghi khoản phải nộp và số tiền.")),
        status=Case.Status.PAYMENT,
        now=now,
    )


@transaction.atomic(durable=True)
def record_payment(
    *,
    officer: people.Person,
    case_code: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Record that the citizen has paid; the clock goes on.

    Raises CannotMoveClock (no payment is waited for), NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.take_supplement", now=now)
    return _resume(case, engine.EventKind.PAID, officer=officer, reason=note, at=at, now=now)


@transaction.atomic(durable=True)
def extend_with_apology(
    *,
    officer: people.Person,
    case_code: str,
    until: date,
    reason: str,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Apologise and set a new day for the result: in time, and once (NĐ 61/2018 Đ19.9).

    Raises CannotMoveClock (too late, a second time, not a later working day, clock stopped),
    NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.put_off", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.EXTENDED, until=until)
    return record_event(
        case,
        event,
        count_with(case, event, now=now),
        officer=officer,
        reason=_words(reason, _("Hãy ghi lý do chậm, để người dân được xin lỗi và giải thích.")),
        status=None,
        now=now,
    )


def preview_event(
    *,
    officer: people.Person,
    case_code: str,
    kind: engine.EventKind,
    extra: Limit | None = None,
    until: date | None = None,
    now: datetime,
) -> ClockMoved:
    """Return what an event at this moment would do to the due time; nothing is written.

    Raises CannotMoveClock with the law's reason, NotAllowed or NoSuchCase.
    """
    case = queries.get_case_in_scope(case_code=case_code, officer=officer, now=now)
    event = engine.ClockEvent(at=now, kind=kind, extra=extra, until=until)
    return ClockMoved(
        case_code=case.code, due_before=case.due_at, deadline=count_with(case, event, now=now)
    )


def _lock(officer: people.Person, case_code: str, function: str, *, now: datetime) -> Case:
    """Return the locked case that the officer may do this to, or raise."""
    audit.hold(f"case:{case_code}")
    case = locked(Case.objects.filter(code=case_code))
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    require_at_case(officer, function, case, now=now)
    if why := mirror_queries.why_theirs(case.pk):
        raise CannotMoveClock(why)
    if case.finished_at is not None:
        raise CannotMoveClock(
            _("Hồ sơ %(code)s đã kết thúc lúc %(at)s, nên thời hạn không đổi nữa.")
            % {"code": case.code, "at": queries.moment_words(case.finished_at)}
        )
    return case


def _resume(
    case: Case,
    kind: engine.EventKind,
    *,
    officer: people.Person,
    reason: str,
    at: datetime | None,
    now: datetime,
) -> ClockMoved:
    event = engine.ClockEvent(at=at or now, kind=kind)
    try:
        deadline = count_with(case, event, now=now)
    except CannotMoveClock as refusal:
        if isinstance(refusal.__cause__, engine.NothingToResume):
            _require_not_done(case, kind)
        raise
    moved = record_event(
        case,
        event,
        deadline,
        officer=officer,
        reason=reason.strip(),
        status=_status_after(case, kind, is_stopped=deadline.is_stopped),
        now=now,
    )
    return moved


def _require_not_done(case: Case, kind: engine.EventKind) -> None:
    """Raise CannotMoveClock with who was first, where what ended the waiting stands already."""
    done = ClockEvent.objects.filter(case=case, kind=str(kind), cancelled_by=None)
    last = done.select_related("recorded_by").order_by("at", "id").last()
    if last is None:
        return
    name_vi, name_en = engine.EVENT_NAMES[kind]
    raise CannotMoveClock(
        _(
            "%(who)s đã ghi “%(what)s” ở hồ sơ %(code)s lúc %(at)s, nên không ghi lần nữa. Hãy tải lại trang để xem "
            "thời hạn hiện nay."
        )
        % {
            "who": last.recorded_by.full_name,
            "what": name_en if (get_language() or "vi").startswith("en") else name_vi,
            "code": case.code,
            "at": queries.moment_words(last.recorded_at),
        }
    )


def _status_after(case: Case, kind: engine.EventKind, *, is_stopped: bool) -> Case.Status:
    """Return the status once one reason to wait is gone: another may still hold the case."""
    if not is_stopped:
        return Case.Status.PROCESSING
    return waiting_status(case, met=str(kind)) or Case.Status.PROCESSING


def _words(text: str, refusal: str) -> str:
    words = text.strip()
    if not words:
        raise CannotMoveClock(refusal)
    return words

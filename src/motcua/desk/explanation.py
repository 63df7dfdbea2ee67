"""Explanations of a case: why it is due when it is, and what its audit trail tells and proves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases import clock_queries, lateness_queries
from motcua.cases.queries import CasePage
from motcua.engine.ledger import (
    Deadline,
    LedgerKind,
    LedgerLine,
    day_by_day,
)
from motcua.engine.limits import UNIT_NAMES, Limit, Unit
from motcua.engine.moments import local
from motcua.engine.net import Net
from motcua.engine.sentences import sentence
from motcua.engine.wording import minutes_en, minutes_vi, number_en, number_vi
from motcua.engine.worktime import WorkCalendar
from motcua.workflow import queries as workflow

EVENT_NAMES = {
    "case.received": gettext_lazy("Đã tiếp nhận hồ sơ"),
    "case.imported": gettext_lazy("Đã nhập từ hệ thống khác"),
    "case.step_completed": gettext_lazy("Đã hoàn thành bước"),
    "case.finished": gettext_lazy("Đã hoàn thành bước cuối"),
    "case.returned": gettext_lazy("Đã trả kết quả"),
    "case.result_drafted": gettext_lazy("Đã đưa lên dự thảo kết quả"),
    "case.result_signed": gettext_lazy("Đã ký kết quả"),
    "case.result_numbered": gettext_lazy("Đã cấp số kết quả"),
    "case.result_handed_over": gettext_lazy("Đã trả kết quả thay thế"),
    "case.result_archived": gettext_lazy("Đã lưu trữ kết quả"),
    "case.result_signature_taken_back": gettext_lazy("Đã rút chữ ký ở kết quả"),
    "case.result_archiving_taken_back": gettext_lazy("Đã rút việc ghi lưu trữ"),
    "case.return_taken_back": gettext_lazy("Đã rút việc ghi đã trả kết quả"),
    "case.result_revoked": gettext_lazy("Đã thu hồi kết quả"),
    "case.return_by_post_wanted": gettext_lazy("Đã đăng ký nhận kết quả qua bưu chính"),
    "case.sent_by_post": gettext_lazy("Đã giao kết quả cho bưu chính"),
    "case.post_failed": gettext_lazy("Bưu chính đã chuyển hoàn kết quả"),
    "case.called_back_from_post": gettext_lazy("Đã gọi kết quả về từ bưu chính"),
    "case.delivered_although_revoked": gettext_lazy("Bưu chính đã phát kết quả dù đã bị thu hồi"),
    "case.task_assigned": gettext_lazy("Phân công việc"),
    "case.task_taken": gettext_lazy("Đã nhận việc"),
    "case.task_given_back": gettext_lazy("Đã trả lại việc"),
    "case.timer_fired": gettext_lazy("Đã tới giờ hẹn"),
    "case.message_received": gettext_lazy("Đã nhận tin"),
    "case.service_done": gettext_lazy("Hệ thống đã làm"),
    "case.document_added": gettext_lazy("Đã thêm tài liệu"),
    "case.supplement_requested": gettext_lazy("Đã yêu cầu bổ sung hồ sơ"),
    "case.supplemented": gettext_lazy("Đã nhận bổ sung hồ sơ"),
    "case.returned_after_appraisal": gettext_lazy("Đã trả lại hồ sơ sau thẩm định"),
    "case.resubmitted": gettext_lazy("Đã nhận lại hồ sơ"),
    "case.event_taken_back": gettext_lazy("Đã thu hồi một việc ghi nhầm"),
    "case.payment_requested": gettext_lazy("Đã yêu cầu thực hiện nghĩa vụ tài chính"),
    "case.paid": gettext_lazy("Đã ghi nhận hoàn thành nghĩa vụ tài chính"),
    "case.extended": gettext_lazy("Đã xin lỗi và hẹn lại ngày trả kết quả"),
    "case.suspended": gettext_lazy("Tạm ngừng do bất khả kháng"),
    "case.suspension_lifted": gettext_lazy("Hết tạm ngừng do bất khả kháng"),
    "case.migrated": gettext_lazy("Đã chuyển sang phiên bản quy trình mới"),
    "case.migration_undone": gettext_lazy("Đã hoàn tác việc chuyển phiên bản quy trình"),
    "case.handed_on": gettext_lazy("Việc đã chuyển cho cơ quan kế thừa"),
    "case.handing_on_undone": gettext_lazy("Việc đã trở lại cơ quan cũ"),
    "case.recounted": gettext_lazy("Đã tính lại hạn trả"),
    "case.refused": gettext_lazy("Đã từ chối giải quyết"),
    "case.withdrawn": gettext_lazy("Người dân đã rút hồ sơ"),
    "case.handed_back": gettext_lazy("Đã trao lại quyền giữ trạng thái cho hệ thống kia"),
    "case.taken_again": gettext_lazy("Đã nhận lại quyền giữ trạng thái"),
    "case.stopped": gettext_lazy("Đã dừng giải quyết"),
    "case.ending_taken_back": gettext_lazy("Đã rút lại việc kết thúc ghi nhầm"),
    "case.consulted": gettext_lazy("Đã lấy ý kiến cơ quan khác"),
    "case.consultation_answered": gettext_lazy("Đã có ý kiến trả lời"),
}
_DAYS = (Unit.WORKING_DAY, Unit.DAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of an explanation: how far the count has come, what happened, by which law."""

    amount: str
    text: str
    source: str
    is_verified: bool
    is_counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DueExplanation:
    """A due time with the sentence that a clerk would say, and the lines that prove it."""

    case_code: str
    due_at: datetime
    sentence: str
    lines: tuple[Line, ...]
    total: str
    limit: str
    counts: tuple[Count, ...] = ()
    is_earlier: bool = False
    with_citizen: str = ""
    with_offices: str = ""
    norm: NormExplanation | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NormExplanation:
    """When the service norm of a case runs out, in the sentence of a clerk and line by line."""

    due_at: datetime
    sentence: str
    lines: tuple[Line, ...]
    limit: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """One count of the due time: why it was counted, what came out, and whether it is shown."""

    number: int
    because: str
    at: datetime
    who: str
    due_at: datetime
    is_shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailLine:
    """One entry of the audit trail in words."""

    number: int
    at: datetime
    who: str
    what: str
    because: str


def explain_due_time(
    page: CasePage,
    *,
    calendar: WorkCalendar,
    language: str,
    generation: int | None = None,
    now: datetime,
) -> DueExplanation:
    """Return why a case is due when it is, or was at an earlier count, from the ledger stored with it."""
    counts = tuple(_counts(page, generation, language))
    shown = next((count for count in counts if count.is_shown), None)
    is_earlier = shown is not None and shown.number != page.case.ledger_generation
    rows = (
        clock_queries.list_ledger(page.case, shown.number) if is_earlier and shown else page.ledger
    )
    due_at = shown.due_at if shown else page.case.due_at
    deadline = deadline_of(page, calendar=calendar, rows=rows, due_at=due_at)
    if deadline is None:
        return DueExplanation(
            case_code=page.code,
            due_at=due_at,
            sentence=_(
                "Hồ sơ này nhập từ hệ thống khác, không kèm sổ thời hạn, nên chỉ biết hạn trả đã ghi."
            ),
            lines=(),
            total="",
            limit="",
        )
    lines = day_by_day(deadline, calendar)
    with_citizen, with_offices = _split_words(page, language, now=now)
    return DueExplanation(
        case_code=page.code,
        due_at=due_at,
        sentence=sentence(deadline, language),
        lines=tuple(_told(lines, deadline, language)),
        total=total_words(lines, language),
        limit=limit_words(deadline.limit, language),
        counts=counts,
        is_earlier=is_earlier,
        with_citizen=with_citizen,
        with_offices=with_offices,
        norm=explain_norm(page, calendar=calendar, language=language),
    )


def explain_norm(
    page: CasePage, *, calendar: WorkCalendar, language: str
) -> NormExplanation | None:
    """Return why the service norm of a case runs out when it does; None where there is none."""
    norm = clock_queries.get_norm(page.case, page.clock.events)
    if norm is None:
        return None
    return NormExplanation(
        due_at=norm.due_at,
        sentence=sentence(norm, language, is_norm=True),
        lines=tuple(_told(day_by_day(norm, calendar), norm, language)),
        limit=limit_words(norm.limit, language),
        source=norm.limit.source,
    )


def _counts(page: CasePage, wanted: int | None, language: str) -> Iterator[Count]:
    """Yield every count of the due time, the first one at the reception; nothing if there is one."""
    recounts = clock_queries.list_recounts(page.case)
    if not recounts:
        return
    case, is_english = page.case, language.startswith("en")
    last = recounts[-1].generation
    asked = wanted if wanted in {1, *(one.generation for one in recounts)} else last
    yield Count(
        number=1,
        because=_("Tiếp nhận hồ sơ"),
        at=case.received_at,
        who=case.received_by.full_name,
        due_at=recounts[0].due_before,
        is_shown=asked == 1,
    )
    for one in recounts:
        yield Count(
            number=one.generation,
            because=one.because_en if is_english else one.because_vi,
            at=one.recorded_at,
            who=one.recorded_by.full_name,
            due_at=one.due_after,
            is_shown=asked == one.generation,
        )


def _split_words(page: CasePage, language: str, *, now: datetime) -> tuple[str, str]:
    """Return how long the citizen and the offices had the case; nothing if no citizen was asked."""
    events = page.clock.events
    split = clock_queries.split_time(page.case, events, now=now)
    if split.with_citizen < timedelta(minutes=1):
        return "", ""
    write = minutes_en if language.startswith("en") else minutes_vi
    return (
        write(int(split.with_citizen.total_seconds()) // 60),
        write(int(split.with_offices.total_seconds()) // 60),
    )


def limit_of(page: CasePage) -> Limit | None:
    """Return the time limit of the way in which a case was handed in, under its own revision."""
    channels = page.case.revision.channels.all()
    channel = next((way for way in channels if way.kind == page.case.channel), None)
    if channel is None:
        return None
    return Limit(amount=channel.limit_amount, unit=Unit(channel.limit_unit))


def limit_words(limit: Limit, language: str) -> str:
    """Return a limit as 5 ngày làm việc or 5 working days."""
    return limit.text_en() if language.startswith("en") else limit.text_vi()


def deadline_of(
    page: CasePage,
    *,
    calendar: WorkCalendar,
    rows: Iterable[Any] | None = None,
    due_at: datetime | None = None,
) -> Deadline | None:
    """Return the deadline of a case as its ledger holds it; None when no ledger was stored."""
    stored = page.ledger if rows is None else rows
    limit, lines = limit_of(page), tuple(lateness_queries.line_of(row) for row in stored)
    if limit is None or not lines:
        return None
    last = lines[-1]
    is_stopped = last.kind is LedgerKind.PAUSED and last.starts_at == last.ends_at
    return Deadline(
        received_at=lines[0].starts_at,
        starts_at=calendar.next_opening(lines[0].starts_at),
        due_at=local(due_at or page.case.due_at),
        limit=limit,
        ledger=lines,
        stopped_since=last.starts_at if is_stopped else None,
    )


def _told(lines: Iterable[LedgerLine], deadline: Deadline, language: str) -> Iterator[Line]:
    """Yield the lines with the count so far: 1/5, 2/5 … of a limit in days."""
    whole = _whole(deadline)
    days = minutes = Decimal(0)
    for line in lines:
        if line.kind is LedgerKind.RESTARTED:
            days = minutes = Decimal(0)
        is_counted = line.kind is LedgerKind.COUNTED and bool(line.amount)
        amount = ""
        if is_counted and line.unit in _DAYS:
            days += line.amount
            amount = f"{_number(days, language)}{whole}"
        elif is_counted:
            minutes += line.amount
            amount = f"{int(minutes) // 60}:{int(minutes) % 60:02}"
        yield Line(
            amount=amount or "–",
            text=line.because.text(language),
            source=line.because.source,
            is_verified=line.because.is_verified,
            is_counted=is_counted,
        )


def _whole(deadline: Deadline) -> str:
    """Return "/5" where a plain limit of 5 days is counted in its own days, else nothing."""
    amount, unit = deadline.limit.amount, deadline.limit.unit
    is_extended = any(line.kind is LedgerKind.EXTENDED for line in deadline.ledger)
    return f"/{number_en(amount)}" if unit in _DAYS and not amount % 1 and not is_extended else ""


def total_words(lines: Iterable[LedgerLine], language: str) -> str:
    """Return what was counted since the clock last began, by unit."""
    sums: dict[Unit, Decimal] = {}
    for line in lines:
        if line.kind is LedgerKind.RESTARTED:
            sums = {}
        if line.kind is LedgerKind.COUNTED and line.amount:
            sums[line.unit] = sums.get(line.unit, Decimal(0)) + line.amount
    return ", ".join(_amount_words(amount, unit, language) for unit, amount in sums.items())


def _amount_words(amount: Decimal, unit: Unit, language: str) -> str:
    is_english = language.startswith("en")
    if unit is Unit.MINUTE:
        return minutes_en(int(amount)) if is_english else minutes_vi(int(amount))
    name_vi, one, many = UNIT_NAMES[unit]
    if is_english:
        return f"{number_en(amount)} {one if amount == 1 else many}"
    return f"{number_vi(amount)} {name_vi}"


def _number(amount: Decimal, language: str) -> str:
    return number_en(amount) if language.startswith("en") else number_vi(amount)


def tell_trail(page: CasePage, net: Net) -> Iterator[TrailLine]:
    """Yield the entries of the audit trail in words, oldest first."""
    for entry in page.trail:
        yield TrailLine(
            number=entry.number,
            at=entry.happened_at,
            who=_actor_words(entry),
            what=": ".join([str(EVENT_NAMES.get(entry.event, entry.event)), *_about(entry, net)]),
            because=entry.because,
        )


def _actor_words(entry: Any) -> str:
    stead_of = entry.facts.get("stead_of")
    name: str = entry.actor.full_name
    return stead_words(name, stead_of["name"]) if stead_of else name


def stead_words(name: str, absent: str) -> str:
    """Return who acted in whose stead, as the trail tells it."""
    return _("%(who)s thay %(absent)s") % {"who": name, "absent": absent}


def _about(entry: Any, net: Net) -> Iterable[str]:
    """Return what an entry is about: the step and its outcome, the document, the receiver."""
    facts = entry.facts
    if node := net.by_id.get(facts.get("node", "")):
        yield f"“{node.label}”"
    if outcome := facts.get("outcome"):
        yield str(workflow.OUTCOME_NAMES.get(outcome, outcome))
    for key in ("title", "receiver", "returned_to", "reason", "question", "answer"):
        if facts.get(key):
            yield str(facts[key])

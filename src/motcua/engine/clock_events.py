"""Events that move a clock, and the reasons for which one of them is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.limits import Limit
from motcua.engine.wording import full_day, moment_en, moment_vi


class EventKind(StrEnum):
    """What happened to a running case that its clock must know."""

    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    SUPPLEMENTED = "SUPPLEMENTED"
    RETURNED_AFTER_APPRAISAL = "RETURNED_AFTER_APPRAISAL"
    RESUBMITTED = "RESUBMITTED"
    PAYMENT_REQUESTED = "PAYMENT_REQUESTED"
    PAID = "PAID"
    SUSPENDED = "SUSPENDED"
    SUSPENSION_LIFTED = "SUSPENSION_LIFTED"
    EXTENDED = "EXTENDED"


STOPPED_BY = {
    EventKind.SUPPLEMENTED: EventKind.SUPPLEMENT_REQUESTED,
    EventKind.RESUBMITTED: EventKind.RETURNED_AFTER_APPRAISAL,
    EventKind.PAID: EventKind.PAYMENT_REQUESTED,
    EventKind.SUSPENSION_LIFTED: EventKind.SUSPENDED,
}

# After these the law of the day counts again from zero, or goes on.
COMPLETES_FILE = frozenset({EventKind.SUPPLEMENTED, EventKind.RESUBMITTED})

EVENT_NAMES = {
    EventKind.SUPPLEMENT_REQUESTED: ("yêu cầu bổ sung hồ sơ", "supplement request"),
    EventKind.SUPPLEMENTED: ("nộp bổ sung hồ sơ", "resubmission"),
    EventKind.RETURNED_AFTER_APPRAISAL: (
        "trả lại hồ sơ sau thẩm định",
        "return of the file after appraisal",
    ),
    EventKind.RESUBMITTED: ("nộp lại hồ sơ", "handing in of the completed file"),
    EventKind.PAYMENT_REQUESTED: ("yêu cầu nghĩa vụ tài chính", "request for payment"),
    EventKind.PAID: ("hoàn thành nghĩa vụ tài chính", "payment"),
    EventKind.SUSPENDED: ("tạm ngừng do bất khả kháng", "suspension by force majeure"),
    EventKind.SUSPENSION_LIFTED: ("hết bất khả kháng", "end of force majeure"),
    EventKind.EXTENDED: ("hẹn lại", "extension"),
}

WAITING_NAMES = {
    EventKind.SUPPLEMENT_REQUESTED: ("chờ bổ sung hồ sơ", "waiting for the missing papers"),
    EventKind.RETURNED_AFTER_APPRAISAL: (
        "chờ hoàn thiện hồ sơ đã trả lại",
        "waiting for the returned file to be completed",
    ),
    EventKind.PAYMENT_REQUESTED: ("chờ thực hiện nghĩa vụ tài chính", "waiting for the payment"),
    EventKind.SUSPENDED: ("do bất khả kháng", "by force majeure"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockEvent:
    """One event in the life of a case; an extension also says by how much or until which day."""

    at: datetime
    kind: EventKind
    extra: Limit | None = None
    until: date | None = None


class ClockRefuses(Exception):
    """The clock cannot follow this event."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


class EventBeforeReceipt(ClockRefuses):
    """The event lies before the reception of the case."""

    def __init__(self, event: ClockEvent, received_at: datetime) -> None:
        name_vi, name_en = EVENT_NAMES[event.kind]
        super().__init__(
            Because(
                vi=f"Việc {name_vi} lúc {moment_vi(event.at)} có trước lúc tiếp nhận hồ sơ "
                f"({moment_vi(received_at)}); hãy kiểm tra lại thời gian.",
                en=f"The {name_en} at {moment_en(event.at)} lies before the reception "
                f"({moment_en(received_at)}); check the times.",
            )
        )


class AlreadyStopped(ClockRefuses):
    """The clock stands still for this very reason already."""

    def __init__(self, event: ClockEvent, since: datetime) -> None:
        name_vi, name_en = EVENT_NAMES[event.kind]
        super().__init__(
            Because(
                vi=f"Đã {name_vi} từ {moment_vi(since)} và chưa kết thúc; không thể ghi thêm "
                f"lúc {moment_vi(event.at)}.",
                en=f"The {name_en} of {moment_en(since)} has not ended yet; another at "
                f"{moment_en(event.at)} cannot be recorded.",
            )
        )


class NothingToResume(ClockRefuses):
    """The clock does not stand still for the reason that this event would end."""

    def __init__(self, event: ClockEvent) -> None:
        name_vi, name_en = EVENT_NAMES[event.kind]
        asked_vi, asked_en = EVENT_NAMES[STOPPED_BY[event.kind]]
        super().__init__(
            Because(
                vi=f"Không thể ghi {name_vi} lúc {moment_vi(event.at)} vì trước đó chưa có "
                f"{asked_vi}; hãy kiểm tra thứ tự các sự kiện.",
                en=f"The {name_en} at {moment_en(event.at)} cannot be recorded because no "
                f"{asked_en} came before it; check the order of events.",
            )
        )


class DeadlineAlreadyPassed(ClockRefuses):
    """The deadline had run out before the event that would stop or extend it."""

    def __init__(self, event: ClockEvent, due_at: datetime) -> None:
        name_vi, name_en = EVENT_NAMES[event.kind]
        super().__init__(
            Because(
                vi=f"Hạn trả kết quả đã hết lúc {moment_vi(due_at)}; việc {name_vi} lúc "
                f"{moment_vi(event.at)} không làm thay đổi hạn đã qua.",
                en=f"The deadline ran out at {moment_en(due_at)}; the {name_en} at "
                f"{moment_en(event.at)} does not change a deadline that has passed.",
            )
        )


class ClockIsStopped(ClockRefuses):
    """A deadline that stands still cannot be extended."""

    def __init__(self, event: ClockEvent, since: datetime) -> None:
        super().__init__(
            Because(
                vi=f"Không thể hẹn lại lúc {moment_vi(event.at)} vì thời hạn đang tạm dừng từ "
                f"{moment_vi(since)}; hãy hẹn lại sau khi hồ sơ được tiếp tục giải quyết.",
                en=f"The case cannot be extended at {moment_en(event.at)}: its clock stands "
                f"still since {moment_en(since)}; extend it after it goes on.",
            )
        )


class AlreadyExtended(ClockRefuses):
    """The law allows no further extension."""

    def __init__(self, event: ClockEvent, allowed: int, rule: Because) -> None:
        super().__init__(
            Because(
                vi=f"Không thể hẹn lại lúc {moment_vi(event.at)}: hồ sơ đã được hẹn lại "
                f"{allowed} lần, là số lần tối đa; {rule.vi}.",
                en=f"No extension at {moment_en(event.at)}: the case was extended {allowed} "
                f"time(s), the most there may be; {rule.en}.",
                source=rule.source,
                is_verified=rule.is_verified,
            )
        )


class ExtensionTooLate(ClockRefuses):
    """The extension comes nearer to the deadline than the law allows."""

    def __init__(self, event: ClockEvent, latest: date, due_at: datetime, rule: Because) -> None:
        super().__init__(
            Because(
                vi=f"Không thể hẹn lại lúc {moment_vi(event.at)}: hạn trả là {moment_vi(due_at)} "
                f"nên chậm nhất ngày {full_day(latest)} phải thông báo; {rule.vi}.",
                en=f"No extension at {moment_en(event.at)}: the case is due at "
                f"{moment_en(due_at)}, so the notice was due by {full_day(latest)}; {rule.en}.",
                source=rule.source,
                is_verified=rule.is_verified,
            )
        )


class ExtensionRefused(ClockRefuses):
    """The new day of an extension is missing, not later, or a day off."""


def late_return(event: ClockEvent, until: datetime, rule: Because) -> Because:
    """Return the warning that a file was sent back after appraisal later than the law allows."""
    return Because(
        vi=f"Trả lại hồ sơ sau thẩm định lúc {moment_vi(event.at)} là muộn: hạn trả lại là "
        f"{moment_vi(until)}; {rule.vi}",
        en=f"The return after appraisal at {moment_en(event.at)} is late: it was due by "
        f"{moment_en(until)}; {rule.en}",
        source=rule.source,
        is_verified=rule.is_verified,
    )

"""What the page of a case shows of its clock: what waits, who was asked, what may be done, what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases import clock_queries, ending_queries
from motcua.cases.actions import ClockMoved
from motcua.cases.clock_queries import Act
from motcua.cases.ending_queries import Ending
from motcua.cases.queries import CasePage
from motcua.desk import chips
from motcua.desk.chips import DueChip
from motcua.engine.clock_events import EventKind
from motcua.engine.explain import Because
from motcua.engine.ledger import LedgerKind
from motcua.engine.moments import local
from motcua.people.queries import Person


class NoSuchAct(LookupError):
    """Nothing that may be done to a case has this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActWords:
    """How something to be done is called, where it leads, and what it means."""

    act: Act
    slug: str
    icon: str
    name: Any
    lead: Any
    done: Any
    kind: EventKind | None = None
    ends_case: bool = False
    # The address of the slip that it leads to (cases.letters).
    slip: str = ""


ACTS = (
    ActWords(
        act=Act.REQUEST_SUPPLEMENT,
        slip="phieu-bo-sung",
        slug="yeu-cau-bo-sung",
        icon="file-alert",
        name=gettext_lazy("Yêu cầu bổ sung"),
        lead=gettext_lazy(
            "Người dân được báo rõ giấy tờ còn thiếu; thời hạn tạm dừng tới khi bổ sung."
        ),
        done=gettext_lazy("Đã yêu cầu bổ sung hồ sơ %(code)s."),
        kind=EventKind.SUPPLEMENT_REQUESTED,
    ),
    ActWords(
        act=Act.TAKE_SUPPLEMENT,
        slug="nhan-bo-sung",
        icon="file-check",
        name=gettext_lazy("Nhận bổ sung"),
        lead=gettext_lazy(
            "Ghi nhận người dân đã nộp đủ giấy tờ được yêu cầu; hồ sơ tiếp tục chạy."
        ),
        done=gettext_lazy("Đã nhận bổ sung hồ sơ %(code)s."),
        kind=EventKind.SUPPLEMENTED,
    ),
    ActWords(
        act=Act.RETURN_FILE,
        slip="phieu-tra-lai-sau-tham-dinh",
        slug="tra-lai-sau-tham-dinh",
        icon="arrow-back-up",
        name=gettext_lazy("Trả lại hồ sơ sau thẩm định"),
        lead=gettext_lazy(
            "Hồ sơ đã thẩm định mà chưa đủ điều kiện được trả lại kèm phiếu nêu rõ nội dung cần hoàn "
            "thiện; thời hạn tạm dừng tới khi nộp lại."
        ),
        done=gettext_lazy("Đã trả lại hồ sơ %(code)s sau thẩm định."),
        kind=EventKind.RETURNED_AFTER_APPRAISAL,
    ),
    ActWords(
        act=Act.TAKE_FILE_AGAIN,
        slug="nhan-lai-ho-so",
        icon="file-check",
        name=gettext_lazy("Nhận lại hồ sơ"),
        lead=gettext_lazy(
            "Ghi nhận người dân đã nộp lại hồ sơ đã hoàn thiện; thời hạn tính theo luật của ngày tiếp nhận."
        ),
        done=gettext_lazy("Đã nhận lại hồ sơ %(code)s."),
        kind=EventKind.RESUBMITTED,
    ),
    ActWords(
        act=Act.REQUEST_PAYMENT,
        slip="giay-bao-nop-tien",
        slug="yeu-cau-nop-tien",
        icon="receipt",
        name=gettext_lazy("Yêu cầu nộp tiền"),
        lead=gettext_lazy("Báo người dân nghĩa vụ tài chính; thời hạn tạm dừng tới khi nộp xong."),
        done=gettext_lazy("Đã yêu cầu thực hiện nghĩa vụ tài chính của hồ sơ %(code)s."),
        kind=EventKind.PAYMENT_REQUESTED,
    ),
    ActWords(
        act=Act.RECORD_PAYMENT,
        slip="giay-da-nop-tien",
        slug="da-nop-tien",
        icon="cash",
        name=gettext_lazy("Ghi nhận đã nộp tiền"),
        lead=gettext_lazy("Người dân đã hoàn thành nghĩa vụ tài chính; hồ sơ tiếp tục chạy."),
        done=gettext_lazy("Đã ghi nhận nộp tiền của hồ sơ %(code)s."),
        kind=EventKind.PAID,
    ),
    ActWords(
        act=Act.EXTEND,
        slip="phieu-xin-loi",
        slug="hen-lai",
        icon="calendar-plus",
        name=gettext_lazy("Xin lỗi và hẹn lại"),
        lead=gettext_lazy(
            "Xin lỗi người dân và hẹn một ngày trả kết quả mới, trước khi hết hạn cũ."
        ),
        done=gettext_lazy("Đã hẹn lại ngày trả kết quả của hồ sơ %(code)s."),
        kind=EventKind.EXTENDED,
    ),
    ActWords(
        act=Act.CONSULT,
        slip="phieu-lay-y-kien",
        slug="lay-y-kien",
        icon="message",
        name=gettext_lazy("Lấy ý kiến cơ quan khác"),
        lead=gettext_lazy(
            "Cơ quan được hỏi có thời hạn riêng; thời hạn của hồ sơ vẫn chạy. Im lặng không phải là đồng ý."
        ),
        done=gettext_lazy("Đã gửi lấy ý kiến về hồ sơ %(code)s."),
    ),
    ActWords(
        act=Act.REFUSE,
        slip="phieu-tu-choi",
        slug="tu-choi",
        icon="ban",
        name=gettext_lazy("Từ chối giải quyết"),
        lead=gettext_lazy("Hồ sơ kết thúc với thông báo từ chối có nêu lý do, gửi trong thời hạn."),
        done=gettext_lazy("Đã từ chối giải quyết hồ sơ %(code)s."),
        ends_case=True,
    ),
    ActWords(
        act=Act.STOP,
        slip="thong-bao-dung",
        slug="dung-giai-quyet",
        icon="hand-stop",
        name=gettext_lazy("Dừng giải quyết"),
        lead=gettext_lazy("Hồ sơ kết thúc mà không có kết quả; các bước đang mở không làm nữa."),
        done=gettext_lazy("Đã dừng giải quyết hồ sơ %(code)s."),
        ends_case=True,
    ),
    ActWords(
        act=Act.WITHDRAW,
        slip="giay-rut-ho-so",
        slug="rut-ho-so",
        icon="arrow-back",
        name=gettext_lazy("Ghi nhận rút hồ sơ"),
        lead=gettext_lazy("Người dân xin rút hồ sơ; hồ sơ kết thúc và giấy tờ được trả lại."),
        done=gettext_lazy("Đã ghi nhận người dân rút hồ sơ %(code)s."),
        ends_case=True,
    ),
)
BY_SLUG = {words.slug: words for words in ACTS}
_MARKS = (
    LedgerKind.PAUSED,
    LedgerKind.RESUMED,
    LedgerKind.RESTARTED,
    LedgerKind.EXTENDED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """What the citizen was asked for, since when, and in which words."""

    name: str
    since: datetime
    reason: str
    took: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question to another agency, and how it stands: answered, waiting or run out."""

    id: int
    agency: str
    question: str
    answer: str
    who: str
    asked_at: datetime
    answered_at: datetime | None
    due_at: datetime
    standing: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockShown:
    """The group “Thời hạn và quyết định” of the page of a case."""

    acts: tuple[ActWords, ...]
    endings: tuple[ActWords, ...]
    waits: tuple[Wait, ...]
    asked: tuple[Asked, ...]
    to_take_back: Any = None
    # How the case ended, where the reader may take that back.
    ending: Ending | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (
            self.acts
            or self.endings
            or self.waits
            or self.asked
            or self.to_take_back is not None
            or self.ending is not None
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What something would do to the due time, with the reasons and what the law says against it."""

    before: datetime
    after: datetime
    is_stopped: bool
    moves: bool
    reasons: tuple[Because, ...]
    warnings: tuple[Because, ...]


def show_clock(page: CasePage, officer: Person, *, now: datetime) -> ClockShown:
    """Return what the page of a case shows of its clock."""
    allowed = [words for words in ACTS if words.act in page.clock.acts]
    return ClockShown(
        acts=tuple(words for words in allowed if not words.ends_case),
        endings=tuple(words for words in allowed if words.ends_case),
        waits=() if page.case.finished_at else tuple(_waits(page, now=now)),
        asked=tuple(asked_of(row, now=now) for row in page.clock.consultations),
        to_take_back=_to_take_back(page),
        ending=_ending(page, officer, now=now),
    )


def _ending(page: CasePage, officer: Person, *, now: datetime) -> Ending | None:
    """Return how the case ended before its result, while the reader may take that back."""
    ending = ending_queries.find_ending(page.case, page.trail, now=now)
    if ending is None or ending.why_it_stands:
        return None
    is_theirs = ending_queries.may_take_back(page.case, ending, officer, now=now)
    return ending if is_theirs else None


def _to_take_back(page: CasePage) -> Any:
    """Return the last event of the clock while it may be taken back: no step was completed since."""
    last = page.clock.last_of_mine
    if last is None:
        return None
    since = last.recorded_at
    moved_on = any(
        task.kind == "USER"
        and not task.was_withdrawn
        and task.completed_at is not None
        and task.completed_at >= since
        for task in page.tasks
    )
    return None if moved_on else last


def _waits(page: CasePage, *, now: datetime) -> Iterator[Wait]:
    for event in page.clock.waits:
        yield Wait(
            name=event.get_kind_display(),
            since=event.at,
            reason=event.reason,
            took=chips.worked_words(event.at, now, page.clock.calendar, in_days=True),
        )


def asked_of(row: Any, *, now: datetime) -> Asked:
    """Return a question to another agency with how it stands, in that agency's office hours."""
    calendar = clock_queries.calendar_of_unit(row.agency.code)
    standing, tone = _standing(row, chips.open_chip(row.due_at, now=now, calendar=calendar))
    return Asked(
        id=row.pk,
        agency=row.agency.name,
        question=row.question,
        answer=row.answer,
        who=row.answered_by.full_name if row.answered_by else "",
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        due_at=row.due_at,
        standing=standing,
        tone=tone,
    )


def _standing(row: Any, chip: DueChip) -> tuple[str, str]:
    if row.answered_at is not None:
        is_late = row.answered_at > row.due_at
        return (_("đã trả lời, muộn"), "warn") if is_late else (_("đã trả lời"), "good")
    if chip.tone == "late":
        return _("hết hạn chưa trả lời (%(late)s); im lặng không phải là đồng ý") % {
            "late": chip.words
        }, "bad"
    return _("chờ trả lời, %(left)s") % {"left": chip.words}, "active"


def preview_of(moved: ClockMoved, page: CasePage) -> Preview:
    """Return what an event would do, told by the ledger lines that it adds."""
    known = {(row.kind, row.starts_at, row.because_vi) for row in page.ledger}
    reasons = tuple(
        line.because
        for line in moved.deadline.ledger
        if line.kind in _MARKS and (str(line.kind), line.starts_at, line.because.vi) not in known
    )
    return Preview(
        before=moved.due_before,
        after=moved.deadline.due_at,
        is_stopped=moved.deadline.is_stopped,
        moves=moved.deadline.due_at != moved.due_before,
        reasons=reasons,
        warnings=moved.warnings,
    )


def next_day_to_promise(page: CasePage) -> date:
    """Return the first day to which the case could be extended."""
    return page.clock.calendar.working_day_after(local(page.case.due_at).date(), 1)


def notices(page: CasePage, act: Act, *, now: datetime) -> Iterable[clock_queries.Notice]:
    """Return what the law wants by when, for those who ask the citizen for more papers."""
    if act in (Act.REQUEST_SUPPLEMENT, Act.RETURN_FILE):
        return (clock_queries.return_after_appraisal(page.case, now=now),)
    return ()

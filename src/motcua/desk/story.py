"""The time line of a case: who did what, how long it took against its limit, and what moved the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.queries import CasePage
from motcua.desk import chips
from motcua.desk.chips import DueChip
from motcua.desk.explanation import stead_words
from motcua.engine.worktime import WorkCalendar
from motcua.workflow import queries as workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class StepLimit:
    """How long a step may take, in words, and whether it is counted in hours."""

    words: str
    is_in_hours: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLine:
    """Something that happened to the case, or waits to happen."""

    title: str
    who: str
    place: str
    since: datetime
    until: datetime | None
    took: str
    limit: str
    chip: DueChip | None
    outcome: str
    comment: str
    icon: str
    css: str


# What the citizen or another agency does lets the case go on; the rest holds or ends it.
_EVENT_ICONS = {
    "SUPPLEMENT_REQUESTED": "file-alert",
    "SUPPLEMENTED": "file-check",
    "RETURNED_AFTER_APPRAISAL": "arrow-back-up",
    "RESUBMITTED": "file-check",
    "PAYMENT_REQUESTED": "receipt",
    "PAID": "cash",
    "SUSPENDED": "clock-pause",
    "SUSPENSION_LIFTED": "clock-play",
    "EXTENDED": "calendar-plus",
}
# What ends a case, lets it go on after all, or puts it on another chart.
_ENDINGS = {
    "case.refused": (gettext_lazy("Từ chối giải quyết"), "ban"),
    "case.stopped": (gettext_lazy("Dừng giải quyết"), "hand-stop"),
    "case.withdrawn": (gettext_lazy("Người dân rút hồ sơ"), "arrow-back"),
    "case.handed_back": (gettext_lazy("Trao lại quyền giữ trạng thái"), "arrow-back-up"),
    "case.taken_again": (gettext_lazy("Nhận lại quyền giữ trạng thái"), "arrow-forward-up"),
    "case.ending_taken_back": (gettext_lazy("Rút lại việc kết thúc ghi nhầm"), "arrow-back-up"),
    "case.migrated": (gettext_lazy("Chuyển sang phiên bản quy trình mới"), "git-compare"),
    "case.migration_undone": (gettext_lazy("Trở lại phiên bản quy trình cũ"), "arrow-back"),
    "case.handed_on": (
        gettext_lazy("Cơ quan giải thể, việc chuyển cho cơ quan kế thừa"),
        "arrows-exchange",
    ),
    "case.handing_on_undone": (gettext_lazy("Hủy giải thể, việc trở lại cơ quan cũ"), "arrow-back"),
}


def tell_story(
    page: CasePage, limits: dict[str, StepLimit], *, calendar: WorkCalendar, now: datetime
) -> tuple[StoryLine, ...]:
    """Return the time line of a case, in the order in which things happened or began."""
    case = page.case
    received = _happening(
        _("Tiếp nhận hồ sơ"),
        who=case.received_by.full_name,
        place=case.receiving_agency.name,
        at=case.received_at,
        icon="file-plus",
    )
    lines = [
        *(
            _task_line(
                task,
                case,
                limits,
                ended_early=case.status in chips.GIVEN_UP and task.completed_at == case.finished_at,
                calendar=calendar,
                now=now,
            )
            for task in told_tasks(page)
        ),
        *_clock_lines(page),
        *_consultation_lines(page),
        *_ending_lines(page),
    ]
    return (received, *sorted(lines, key=lambda line: line.since))


def _clock_lines(page: CasePage) -> Iterator[StoryLine]:
    for event in page.clock.events:
        yield _happening(
            event.get_kind_display(),
            who=event.recorded_by.full_name,
            at=event.at,
            icon=_EVENT_ICONS[event.kind],
            outcome=_("đến ngày %(day)s") % {"day": f"{event.until:%d/%m/%Y}"}
            if event.until
            else "",
            comment=event.reason,
        )


def _consultation_lines(page: CasePage) -> Iterator[StoryLine]:
    for asked in page.clock.consultations:
        yield _happening(
            _("Lấy ý kiến cơ quan khác"),
            who=asked.asked_by.full_name,
            place=asked.agency.name,
            at=asked.asked_at,
            icon="message",
            comment=asked.question,
        )
        if asked.answered_at and asked.answered_by:
            yield _happening(
                _("Có ý kiến trả lời"),
                who=asked.answered_by.full_name,
                place=asked.agency.name,
                at=asked.answered_at,
                icon="message",
                comment=asked.answer,
            )


def _ending_lines(page: CasePage) -> Iterator[StoryLine]:
    case = page.case
    for entry in page.trail:
        if entry.event in _ENDINGS:
            name, icon = _ENDINGS[entry.event]
            yield _happening(
                str(name),
                who=entry.actor.full_name,
                at=entry.happened_at,
                icon=icon,
                comment=str(entry.facts.get("reason", "")),
            )
    if case.returned_at:
        clerks = [e.actor.full_name for e in page.trail if e.event == "case.returned"]
        yield _happening(
            _("Trả kết quả cho %(name)s") % {"name": case.returned_to},
            who=clerks[-1] if clerks else "",
            place=case.receiving_agency.name,
            at=case.returned_at,
            icon="package-export",
        )


def told_tasks(page: CasePage) -> Iterator[Any]:
    """Yield the tasks but for timers that did not go off."""
    for task in page.tasks:
        if task.kind != "TIMER" or (task.completed_at and not task.was_withdrawn):
            yield task


def _happening(
    title: str,
    *,
    who: str,
    at: datetime,
    icon: str,
    place: str = "",
    outcome: str = "",
    comment: str = "",
) -> StoryLine:
    return StoryLine(
        title=title,
        who=who,
        place=place,
        since=at,
        until=None,
        took="",
        limit="",
        chip=None,
        outcome=outcome,
        comment=comment,
        icon=icon,
        css="story-done",
    )


def _who_did(name: str, absent: Any) -> str:
    """Return who did something, and in whose stead."""
    return stead_words(name, absent.full_name) if absent else name


def _withdrawn_words(*, ended_early: bool) -> str:
    if ended_early:
        return _("không làm nữa, hồ sơ kết thúc ở đây")
    return _("không làm nữa, quy trình đã rẽ sang hướng khác")


def _task_line(
    task: Any,
    case: Any,
    limits: dict[str, StepLimit],
    *,
    ended_early: bool,
    calendar: WorkCalendar,
    now: datetime,
) -> StoryLine:
    is_done = task.completed_at is not None
    person = task.completed_by or task.assignee
    chip = None
    if task.due_at and is_done:
        chip = chips.done_chip(task.due_at, done_at=task.completed_at, calendar=calendar)
    elif not is_done:
        chip = chips.step_chip(case, task.due_at, now=now, calendar=calendar)
    is_late = chip is not None and chip.tone == "late"
    outcome = workflow.OUTCOME_NAMES.get(task.outcome, task.outcome) if task.outcome else ""
    if task.was_withdrawn:
        outcome = _withdrawn_words(ended_early=ended_early)
    waits = _("chưa ai nhận (%(role)s)") % {"role": task.get_role_display()}
    return StoryLine(
        title=task.name,
        who=_who_did(person.full_name, task.completed_for)
        if person
        else (waits if task.role else str(task.get_kind_display())),
        place=task.agency.name,
        since=task.opened_at,
        until=task.completed_at,
        took=chips.worked_words(
            task.opened_at,
            task.completed_at or now,
            calendar,
            in_days=not limits[task.node].is_in_hours,
        ),
        limit=limits[task.node].words,
        chip=chip,
        outcome=str(outcome),
        comment=task.comment,
        icon="check" if is_done else "player-play",
        css="story-late" if is_late else "story-done" if is_done else "story-now",
    )

"""Takes back what was recorded on a clock by mistake, while nothing rests on it yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import clock_queries, mirror_queries, queries
from motcua.cases.actions.clock_records import (
    TOLD,
    ClockMoved,
    locked,
    require_at_case,
    status_of_open,
    tell,
    write_generation,
)
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.models import Case, ClockEvent
from motcua.cases.recounting import recount_one
from motcua.engine.clock_events import EVENT_NAMES, EventKind
from motcua.engine.explain import Because
from motcua.engine.moments import local
from motcua.engine.wording import moment_en, moment_vi
from motcua.people import queries as people
from motcua.workflow import queries as workflow


class CannotTakeBack(Exception):
    """Something rests on the event by now, it is a whole unit's, or no reason is given."""


@transaction.atomic(durable=True)
def take_back_event(
    *, officer: people.Person, case_code: str, event_id: int, reason: str, now: datetime
) -> ClockMoved:
    """Take back the last thing recorded on the clock of a case, with a reason; nothing is erased.

    Only before a step was completed or another thing recorded after it. Raises CannotTakeBack,
    NotAllowed or NoSuchCase.
    """
    audit.hold(f"case:{case_code}")
    case = locked(Case.objects.filter(code=case_code))
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    event = _the_event(case, event_id)
    require_at_case(officer, clock_queries.RIGHT_TO_TAKE_BACK[event.kind], case, now=now)
    if why := mirror_queries.why_theirs(case.pk):
        raise CannotTakeBack(why)
    _require_nothing_rests_on(event, case)
    words = reason.strip()
    if not words:
        raise CannotTakeBack(
            _("Hãy ghi vì sao thu hồi, để người xem lại hồ sơ hiểu điều gì đã xảy ra.")
        )
    due_before = case.due_at
    ClockEvent.objects.create(
        case=case,
        kind=event.kind,
        at=event.at,
        reason=words,
        cancels=event,
        recorded_at=now,
        recorded_by_id=officer.id,
    )
    case.status = status_of_open(case)
    because = _because(event, words)
    deadline = recount_one(case)
    write_generation(case, deadline, because, officer=officer, now=now)
    tell(
        case,
        "case.event_taken_back",
        officer=officer,
        because=because.vi,
        facts={
            "kind": event.kind,
            "at": event.at.isoformat(),
            "reason": words,
            "due_before": due_before.isoformat(),
            "due_at": case.due_at.isoformat(),
        },
        now=now,
    )
    if event.kind in TOLD:
        tell_applicant(case, "taken_back", now=now)
    return ClockMoved(case_code=case.code, due_before=due_before, deadline=deadline)


def _the_event(case: Case, event_id: int) -> ClockEvent:
    event = ClockEvent.objects.filter(case=case, pk=event_id, cancels=None).first()
    if event is None:
        raise CannotTakeBack(
            _("Hồ sơ %(code)s không có việc này trong sổ thời hạn. Hãy mở lại hồ sơ.")
            % {"code": case.code}
        )
    return event


def _require_nothing_rests_on(event: ClockEvent, case: Case) -> None:
    known = {"name": event.get_kind_display(), "at": queries.moment_words(event.at)}
    if ClockEvent.objects.filter(cancels=event).exists():
        raise CannotTakeBack(_("“%(name)s” lúc %(at)s đã được thu hồi rồi.") % known)
    if event.origin:
        raise CannotTakeBack(
            _(
                "“%(name)s” lúc %(at)s là của cả đơn vị, không thu hồi ở từng hồ sơ. Hãy sửa đợt tạm ngừng."
            )
            % known
        )
    if case.finished_at is not None:
        raise CannotTakeBack(
            _("Hồ sơ đã kết thúc lúc %(end)s, nên không thu hồi “%(name)s” nữa.")
            % {**known, "end": queries.moment_words(case.finished_at)}
        )
    still = ClockEvent.objects.filter(case=case, cancels=None, cancelled_by=None)
    last = still.order_by("at", "id").last()
    if last is not None and last.pk != event.pk:
        raise CannotTakeBack(
            _("Sau “%(name)s” đã ghi “%(later)s” lúc %(when)s. Hãy thu hồi việc ghi sau trước.")
            % {
                **known,
                "later": last.get_kind_display(),
                "when": queries.moment_words(last.at),
            }
        )
    if workflow.has_completed_step(case.run_id, since=event.recorded_at):
        raise CannotTakeBack(
            _(
                "Từ khi ghi “%(name)s” đã có bước được hoàn thành, nên không thu hồi nữa. Hãy ghi việc ngược "
                "lại nếu cần."
            )
            % known
        )


def _because(event: ClockEvent, reason: str) -> Because:
    name_vi, name_en = EVENT_NAMES[EventKind(event.kind)]
    at = local(event.at)
    return Because(
        vi=f"Thu hồi việc ghi nhầm “{name_vi}” lúc {moment_vi(at)}: {reason}",
        en=f"Taken back, recorded by mistake: {name_en} at {moment_en(at)}: {reason}",
    )

"""Decides on days off, and suspends the clocks of a unit: what moves many cases at once.

The decision is stored in one transaction; a job then counts each case again, one action a case, so
that it can be killed and begun anew without any case being counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.audit import actions as audit
from motcua.cases import mass_queries, queries
from motcua.cases.actions.clock_of_units import record_unit_event, recount_case
from motcua.cases.actions.clock_records import CannotMoveClock
from motcua.cases.models import Case, MassRecount, Suspension
from motcua.engine.calendar_decisions import DecidedDay, problems_of
from motcua.engine.clock_events import EventKind
from motcua.engine.explain import Because
from motcua.engine.wording import full_day
from motcua.lawbook import actions as lawbook_actions
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people


class CannotDecideCalendar(Exception):
    """The decision contradicts itself or the calendar; `problems` names each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class CannotSuspend(Exception):
    """The suspension has no reason, ends before it begins, or overlaps another one."""


def check_calendar_decision(days: tuple[DecidedDay, ...], *, now: datetime) -> None:
    """Raise CannotDecideCalendar unless these days can be decided now."""
    language = get_language() or "vi"
    problems = problems_of(
        days,
        known=lawbook.list_calendar_days(),
        last_year=lawbook.list_calendar_years()[-1],
        today=people.day_of(now),
    )
    if problems:
        raise CannotDecideCalendar(problem.text(language) for problem in problems)


@transaction.atomic(durable=True)
def decide_calendar(
    *,
    officer: people.Person,
    number: str,
    decided_on: date,
    title: str,
    days: tuple[DecidedDay, ...],
    now: datetime,
) -> MassRecount:
    """Enter a decision on days off; a job counts the open cases again (its progress is returned).

    Raises CannotDecideCalendar or NotAllowed.
    """
    people_actions.require(officer, "law.decide", now=now)
    lawbook.refresh_decisions()
    number, title = number.strip(), title.strip()
    if not number or not title:
        raise CannotDecideCalendar([_("Hãy ghi số và trích yếu của quyết định.")])
    if decided_on > people.day_of(now):
        raise CannotDecideCalendar([_("Ngày ký quyết định không thể ở tương lai.")])
    check_calendar_decision(days, now=now)
    try:
        with transaction.atomic():
            decision = lawbook_actions.store_decision(
                number=number,
                decided_on=decided_on,
                title=title,
                days=days,
                officer_id=officer.id,
                now=now,
            )
    except IntegrityError:
        raise CannotDecideCalendar(
            [
                _("Quyết định %(number)s ngày %(day)s đã được ghi rồi.")
                % {"number": number, "day": full_day(decided_on)}
            ]
        ) from None
    audit.record(
        event="law.calendar_decided",
        subject=f"calendar:{decision.pk}",
        actor_id=officer.id,
        at=now,
        because=title,
        facts={
            "number": number,
            "decided_on": decided_on.isoformat(),
            "days": [
                {"day": one.day.isoformat(), "kind": str(one.kind), "name": one.name}
                for one in days
            ],
        },
    )
    return _begin(
        f"calendar:{decision.pk}",
        Because(
            vi=f"{title} ({number} ngày {full_day(decided_on)})",
            en=f"{title} ({number} of {full_day(decided_on)})",
        ),
        officer=officer,
        now=now,
    )


@transaction.atomic(durable=True)
def suspend_unit(
    *,
    officer: people.Person,
    agency_code: str,
    with_subordinate: bool,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    document: str,
    now: datetime,
) -> MassRecount:
    """Suspend the clocks of a unit's open cases by force majeure, from a moment on.

    Cases that are received while it lasts are suspended at their reception. Raises CannotSuspend or
    NotAllowed.
    """
    agency = people.get_agency(agency_code)
    people_actions.require(
        officer, "cases.suspend", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    _check_suspension(starts_at, ends_at, reason, now=now)
    other = mass_queries.find_overlap(agency, starts_at=starts_at, ends_at=ends_at)
    if other is not None:
        raise CannotSuspend(
            _(
                "%(agency)s đã có đợt tạm ngừng từ %(start)s, chồng lên đợt này. Hãy kết thúc đợt đó trước."
            )
            % {"agency": other.agency.name, "start": queries.moment_words(other.starts_at)}
        )
    suspension = Suspension.objects.create(
        agency=agency,
        with_subordinate=with_subordinate,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        document=document.strip(),
        recorded_at=now,
        recorded_by_id=officer.id,
    )
    _tell(suspension, "suspension.begun", officer=officer, now=now)
    return _begin(f"suspension:{suspension.pk}", _why(suspension), officer=officer, now=now)


@transaction.atomic(durable=True)
def lift_suspension(
    *, officer: people.Person, suspension_id: int, ends_at: datetime, now: datetime
) -> MassRecount:
    """End an open suspension; the clocks go on from then. Raises CannotSuspend or NotAllowed."""
    suspension = (
        Suspension.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=suspension_id)
        .first()
    )
    if suspension is None:
        raise CannotSuspend(_("Không có đợt tạm ngừng này."))
    agency = suspension.agency
    people_actions.require(
        officer, "cases.suspend", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    if suspension.ends_at is not None:
        raise CannotSuspend(
            _("Đợt tạm ngừng này đã kết thúc lúc %(at)s.")
            % {"at": queries.moment_words(suspension.ends_at)}
        )
    _check_suspension(suspension.starts_at, ends_at, suspension.reason, now=now)
    suspension.ends_at = ends_at
    suspension.save(update_fields=["ends_at"])
    _tell(suspension, "suspension.lifted", officer=officer, now=now)
    return _begin(f"suspension:{suspension.pk}", _why(suspension), officer=officer, now=now)


# Not durable: called by dissolve_agency and take_effect, in whose transaction the cases came.
def suspend_what_came(*, officer: people.Person, agency_id: int, now: datetime) -> None:
    """Let the suspension under which an agency stands reach the cases that it has just taken over."""
    suspension = mass_queries.find_suspension_at(agency_id, at=now)
    if suspension is not None:
        _begin(f"suspension:{suspension.pk}", _why(suspension), officer=officer, now=now)


def _check_suspension(
    starts_at: datetime, ends_at: datetime | None, reason: str, *, now: datetime
) -> None:
    if not reason.strip():
        raise CannotSuspend(_("Hãy ghi lý do bất khả kháng."))
    if starts_at > now or (ends_at is not None and ends_at > now):
        raise CannotSuspend(_("Chỉ ghi việc đã xảy ra: thời điểm không thể ở phía trước."))
    if ends_at is not None and ends_at <= starts_at:
        raise CannotSuspend(_("Thời điểm kết thúc phải sau thời điểm bắt đầu."))


def _why(suspension: Suspension) -> Because:
    return Because(
        vi=f"Bất khả kháng tại {suspension.agency.name}: {suspension.reason}",
        en=f"Force majeure at {suspension.agency.name}: {suspension.reason}",
        source=suspension.document,
    )


def _tell(suspension: Suspension, event: str, *, officer: people.Person, now: datetime) -> None:
    audit.record(
        event=event,
        subject=f"suspension:{suspension.pk}",
        actor_id=officer.id,
        at=now,
        because=suspension.reason,
        facts={
            "agency": suspension.agency.code,
            "with_subordinate": suspension.with_subordinate,
            "starts_at": suspension.starts_at.isoformat(),
            "ends_at": suspension.ends_at.isoformat() if suspension.ends_at else "",
        },
    )


def _begin(origin: str, because: Because, *, officer: people.Person, now: datetime) -> MassRecount:
    mass = MassRecount.objects.create(
        origin=origin,
        because_vi=because.vi,
        because_en=because.en,
        total=mass_queries.open_cases(origin).count(),
        started_at=now,
        started_by_id=officer.id,
    )
    # By its name: jobs stand above actions. It is queued in this transaction, or not at all.
    app.configure_task("motcua.cases.jobs.recount_many", lock="recount_many").defer()
    return mass


def recount_next(*, mass_id: int, most: int, now: datetime) -> bool:
    """Count the next open cases again; return whether any are left. One action a case.

    What was counted before stays as it is, so that a job that was killed can begin anew.
    """
    mass = MassRecount.objects.select_related("started_by").get(pk=mass_id)
    if mass.finished_at is not None:
        return False
    officer = people.get_person(user_id=mass.started_by_id)
    because = Because(vi=mass.because_vi, en=mass.because_en)
    waiting = mass_queries.open_cases(mass.origin).filter(pk__gt=mass.last_case_id).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:most])
    for case_id in ids:
        moved, refused = _count_one(mass, case_id, because, officer=officer, now=now)
        MassRecount.objects.filter(pk=mass.pk).update(
            last_case_id=case_id,
            done=F("done") + 1,
            moved=F("moved") + moved,
            refused=F("refused") + refused,
        )
    if len(ids) < most:
        MassRecount.objects.filter(pk=mass.pk).update(finished_at=now)
        return False
    return True


def _count_one(
    mass: MassRecount, case_id: int, because: Because, *, officer: people.Person, now: datetime
) -> tuple[int, int]:
    """Return whether the case moved and whether its clock refused, as 0 or 1 each."""
    try:
        if mass.origin.startswith("suspension:"):
            moved = _suspend_one(mass.origin, case_id, officer=officer, now=now)
        else:
            told = recount_case(officer=officer, case_id=case_id, because=because, now=now)
            moved = told is not None
    except CannotMoveClock:
        return 0, 1
    return int(moved), 0


def _suspend_one(origin: str, case_id: int, *, officer: people.Person, now: datetime) -> bool:
    suspension = mass_queries.get_suspension(origin)
    case = Case.objects.get(pk=case_id)
    starts_at = mass_queries.suspended_from(case, suspension)
    steps = [(EventKind.SUSPENDED, starts_at, suspension)]
    ends_at = suspension.ends_at
    if ends_at is not None:
        if starts_at >= ends_at:
            return False
        steps.append((EventKind.SUSPENSION_LIFTED, ends_at, suspension))
        # Taken over from an agency that had a suspension of its own, it may stand under another.
        other = mass_queries.find_suspension_at(case.settling_agency_id, at=ends_at)
        if other is not None and mass_queries.suspended_from(case, other) <= ends_at:
            steps.append((EventKind.SUSPENDED, ends_at, other))
    moved = False
    for kind, at, held_by in steps:
        told = record_unit_event(
            officer=officer,
            case_id=case_id,
            kind=kind,
            at=timezone.localtime(at),
            reason=held_by.reason,
            origin=f"suspension:{held_by.pk}",
            now=now,
        )
        moved = moved or told is not None
    return moved

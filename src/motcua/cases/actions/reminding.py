"""Reminding people of due times: once for each point of a due time, and once each morning.

What reminds leaves no entry in the trail of the case, which it does not change: its own row says it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.cases import reminder_queries as queries
from motcua.cases.models import Case, Reminder
from motcua.engine import reminders
from motcua.engine.moments import local
from motcua.lawbook import queries as lawbook
from motcua.messages import actions as messages
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import queries as workflow


class CannotRemind(Exception):
    """The case went on meanwhile, somebody reminded already, or nobody can be reminded now."""


@transaction.atomic(durable=True)
def remind(
    *,
    officer: people.Person,
    case_id: int,
    point: reminders.Point,
    due_at: datetime,
    now: datetime,
) -> None:
    """Remind those who have a case of its due time, or their leaders that it has passed, once.

    Only the system itself does this. Raises CannotRemind.
    """
    people_actions.require_system(officer)
    case = (
        queries.open_cases()
        .select_for_update(of=("self",))
        .select_related("receiving_agency", "settling_agency")
        .filter(pk=case_id, due_at=due_at)
        .first()
    )
    if case is None or queries.due_point(case, now=now) != point:
        raise CannotRemind(
            _("Hồ sơ đã đi tiếp, đổi hạn hoặc chưa tới lúc nhắc. Không cần làm gì thêm.")
        )
    news = _news(case, point, now=now)
    if not news:
        raise CannotRemind(
            _("Không có ai để nhắc về hồ sơ %(code)s lúc này. Hệ thống sẽ thử lại sau.")
            % {"code": case.code}
        )
    try:
        with transaction.atomic():
            Reminder.objects.create(case=case, point=point, due_at=due_at, sent_at=now)
    except IntegrityError:
        raise CannotRemind(
            _("Hồ sơ %(code)s đã được nhắc rồi. Không cần làm gì thêm.") % {"code": case.code}
        ) from None
    messages.tell(news=news, now=now)


def _news(case: Case, point: reminders.Point, *, now: datetime) -> list[messages.News]:
    """Return what to tell whom; nothing while one of them is out of office hours."""
    rules = lawbook.get_reminder_rules(local(now).date())
    tasks = list(workflow.open_tasks().filter(run_id=case.run_id).select_related("agency"))
    agencies = {task.agency_id: task.agency for task in tasks}
    if point is reminders.Point.OVERDUE:
        agencies[case.settling_agency_id] = case.settling_agency
    if not all(queries.is_office_time(one.code, now=now) for one in agencies.values()):
        return []
    said = reminders.words(
        point,
        case_code=case.code,
        due_at=case.due_at,
        step=", ".join(f"“{name}”" for name in dict.fromkeys(task.name for task in tasks)),
        rules=rules,
    )
    to: list[tuple[int | None, int | None, str]]
    if point is reminders.Point.OVERDUE:
        to = [(None, agency_id, rules.overdue_role) for agency_id in agencies]
    else:
        to = [
            (task.assignee_id, None, "") if task.assignee_id else (None, task.agency_id, task.role)
            for task in tasks
        ]
    stamp = f"{local(case.due_at):%Y%m%dT%H%M}"
    return [
        messages.News(
            once_key=f"case:{case.pk}:{point}:{stamp}:{person_id or ''}:{agency_id or ''}:{role}",
            path=reverse("desk:case", args=[case.code]),
            text_vi=said.vi,
            text_en=said.en,
            person_id=person_id,
            agency_id=agency_id,
            role=role,
        )
        for person_id, agency_id, role in to
    ]


@transaction.atomic(durable=True)
def greet_units(
    *, officer: people.Person, mornings: Iterable[queries.UnitMorning], now: datetime
) -> None:
    """Tell each unit what waits there this morning; on the same day nothing is told again.

    Only the system itself does this.
    """
    people_actions.require_system(officer)
    today = local(now).date()
    said = [
        (one, reminders.morning_words(one.waiting, due_today=one.due_today, overdue=one.overdue))
        for one in mornings
    ]
    messages.tell(
        news=(
            messages.News(
                once_key=morning_key(one, now=now),
                path=reverse("desk:my-work") + _most_urgent(one),
                text_vi=f"{today:%d/%m/%Y}: {words.vi}",
                text_en=f"{today:%d/%m/%Y}: {words.en}",
                agency_id=one.agency_id,
                role=one.role,
            )
            for one, words in said
        ),
        now=now,
    )


def _most_urgent(morning: queries.UnitMorning) -> str:
    """Return the filter of my work that lists what a unit is told of first."""
    if morning.overdue:
        return "?state=overdue"
    return "?state=today" if morning.due_today else ""


def morning_key(morning: queries.UnitMorning, *, now: datetime) -> str:
    """Return the key under which a unit is greeted once a day."""
    return f"morning:{local(now).date()}:{morning.agency_id}:{morning.role}"

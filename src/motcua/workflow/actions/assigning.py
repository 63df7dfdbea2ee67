"""A leader puts a waiting task in somebody's hands."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.people import absence_queries
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow.actions.running import OpenStep, already_done
from motcua.workflow.models import Task


class CannotAssignTask(Exception):
    """The task is done, or who should get it may not do it."""


def put_in_hands(
    *, officer: people.Person, step: OpenStep, receiver_id: int, now: datetime
) -> None:
    """Put a waiting task in the hands of somebody who has its role at its agency and is there.

    Called inside the transaction of the area whose work it is, which holds the lock. Raises
    CannotAssignTask, or NotAllowed outside the officer's units.
    """
    agency = people.get_agency_by_id(step.agency_id)
    people_actions.require(
        officer, "cases.assign", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    if step.completed_at is not None:
        raise CannotAssignTask(already_done(step))
    known = {"who": people.get_name(receiver_id), "step": step.name, "agency": agency.name}
    if step.assignee_id == receiver_id:
        raise CannotAssignTask(
            _("Bước “%(step)s” đã ở trong tay %(who)s. Không cần làm gì thêm.") % known
        )
    today = people.day_of(now)
    held = absence_queries.posts_in_force(on=today).filter(
        agency_id=step.agency_id, role=step.role, person_id=receiver_id, person__is_active=True
    )
    if not held.exists():
        raise CannotAssignTask(
            _(
                "%(who)s không giữ vai trò của bước “%(step)s” tại %(agency)s hôm nay. Hãy chọn người khác."
            )
            % known
        )
    stand_in = absence_queries.absent_ids(on=today).get(receiver_id)
    if stand_in is not None:
        raise CannotAssignTask(
            _("%(who)s đang vắng, có %(stand_in)s làm thay. Hãy chọn người có mặt.")
            % {**known, "stand_in": stand_in}
        )
    Task.objects.filter(pk=step.task_id).update(assignee_id=receiver_id)

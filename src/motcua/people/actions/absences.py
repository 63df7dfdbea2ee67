"""Names who stands in for somebody away, and takes that back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine.standing_in import StandIn, find_objection
from motcua.people import absence_queries, events
from motcua.people.actions.guards import require
from motcua.people.models import Absence, User
from motcua.people.rights import Person, day_of


class CannotNameStandIn(Exception):
    """Somebody cannot stand in like that."""


class CannotTakeBackStandIn(Exception):
    """It is over, or was taken back before."""


@transaction.atomic(durable=True)
def name_stand_in(
    *,
    officer: Person,
    absent_id: int,
    stand_in_id: int,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> Absence:
    """Let one person do another's tasks from a day on, up to `ends_on` exclusive.

    For oneself, or as a leader for people of one's units. Raises CannotNameStandIn with the reason
    when the days are past, overlap or make a circle, or somebody works elsewhere; or NotAllowed.
    """
    of_others = absent_id != officer.id
    require(officer, f"people.name_stand_in{'_of_others' if of_others else ''}", now=now)
    # Both rows are locked: of two circles begun at one moment the second must see the first.
    locked = User.objects.select_for_update().filter(pk__in=[absent_id, stand_in_id])
    people = {user.pk: user for user in locked.order_by("pk")}
    if not {absent_id, stand_in_id} <= set(people):
        raise CannotNameStandIn(_("Không tìm thấy người được chọn. Hãy chọn lại trong danh sách."))
    absent, stand_in = people[absent_id], people[stand_in_id]
    wanted = StandIn(
        absent_id=absent_id,
        absent_name=absent.full_name,
        stand_in_id=stand_in_id,
        stand_in_name=stand_in.full_name,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    known = [_known(one) for one in absence_queries.of_people(people)]
    objection = find_objection(wanted, known, today=day_of(now))
    if objection is not None:
        raise CannotNameStandIn(objection.text(get_language() or "vi"))
    _require_places(officer, wanted, now=now)
    absence = Absence.objects.create(
        absent=absent,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        named_by_id=officer.id,
        named_at=now,
    )
    _tell(events.stand_in_named, absence, officer=officer, now=now, event="person.stand_in_named")
    return absence


def _require_places(officer: Person, wanted: StandIn, *, now: datetime) -> None:
    days: dict[str, Any] = {"starts_on": wanted.starts_on, "ends_on": wanted.ends_on, "now": now}
    if not absence_queries.may_name_for(officer, wanted.absent_id, **days):
        raise CannotNameStandIn(
            _(
                "Trong %(days)s, %(who)s không có vị trí xử lý hồ sơ nào, hoặc có vị trí ngoài phạm vi anh/chị "
                "phụ trách. Hãy để chính người ấy hoặc lãnh đạo cấp trên cử người làm thay."
            )
            % {"days": wanted.days, "who": wanted.absent_name}
        )
    if not absence_queries.may_be_named(officer, wanted.stand_in_id, **days):
        raise CannotNameStandIn(
            _(
                "%(who)s không giữ vị trí xử lý hồ sơ trong phạm vi của anh/chị suốt %(days)s, nên không làm "
                "thay được. Hãy chọn người khác hoặc rút ngắn khoảng ngày."
            )
            % {"days": wanted.days, "who": wanted.stand_in_name}
        )


@transaction.atomic(durable=True)
def take_back_stand_in(*, officer: Person, absence_id: int, now: datetime) -> Absence:
    """End a stand-in at once: from now on the stand-in has no rights out of it.

    Raises NoSuchAbsence, CannotTakeBackStandIn when it is over, or NotAllowed.
    """
    seen = absence_queries.get_absence(officer, absence_id, now=now)
    of_others = seen.absent_id != officer.id
    require(officer, f"people.name_stand_in{'_of_others' if of_others else ''}", now=now)
    absence = Absence.objects.select_for_update().get(pk=seen.pk)
    if absence.withdrawn_at is not None:
        at = timezone.localtime(absence.withdrawn_at)
        raise CannotTakeBackStandIn(
            _("Lần làm thay này đã được thu hồi lúc %(at)s. Không cần làm gì thêm.")
            % {"at": f"{at:%H:%M %d/%m/%Y}"}
        )
    if absence.ends_on <= day_of(now):
        raise CannotTakeBackStandIn(
            _("Lần làm thay này đã kết thúc, không còn gì để thu hồi. Không cần làm gì thêm.")
        )
    absence.withdrawn_at, absence.withdrawn_by_id = now, officer.id
    absence.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(
        events.stand_in_taken_back,
        seen,
        officer=officer,
        now=now,
        event="person.stand_in_taken_back",
    )
    return absence


def _known(absence: Absence) -> StandIn:
    return StandIn(
        absent_id=absence.absent_id,
        absent_name=absence.absent.full_name,
        stand_in_id=absence.stand_in_id,
        stand_in_name=absence.stand_in.full_name,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    )


def _tell(signal: Signal, absence: Absence, *, officer: Person, now: datetime, event: str) -> None:
    known = _known(absence)
    audit.record(
        event=event,
        subject=f"person:{absence.absent_id}",
        actor_id=officer.id,
        at=now,
        because=known.sentence.vi,
        facts={
            "absence": absence.pk,
            "stand_in": absence.stand_in_id,
            "starts_on": absence.starts_on.isoformat(),
            "ends_on": absence.ends_on.isoformat(),
        },
    )
    signal.send(
        sender=Absence, absence_id=absence.pk, stand_in=known, officer_id=officer.id, now=now
    )

"""Dissolves an agency in the middle of running cases: decided, taken into effect, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import dissolution_queries as queries
from motcua.cases.actions.calendar import suspend_what_came
from motcua.cases.models import Dissolution, HandedCase, PostalItem
from motcua.engine import handing_on, vietnamese
from motcua.engine.explain import Because
from motcua.messages import actions as messages
from motcua.people import actions as people_actions
from motcua.people import agency_queries
from motcua.people import queries as people
from motcua.workflow import actions as workflow

CannotDissolveAgency = people_actions.CannotDissolveAgency
LONGEST_NUMBER = 100
LONGEST_REASON = 500
MOST_NAMED = 5


class CannotUndoDissolution(Exception):
    """The dissolution was taken back before, or somebody went on with what it moved."""


def check_dissolution(
    *,
    officer: people.Person,
    agency_id: int,
    successor_id: int | None,
    last_day: date,
    decision_number: str,
    decision_date: date,
    now: datetime,
    is_final: bool = False,
) -> people_actions.Ending:
    """Return how an agency would be dissolved, and write nothing.

    Raises NotAllowed, or CannotDissolveAgency as dissolve_agency does.
    """
    ending = people_actions.check_ending(
        officer=officer,
        agency_id=agency_id,
        successor_id=successor_id,
        last_day=last_day,
        now=now,
        is_final=is_final,
    )
    if not vietnamese.tidy(decision_number):
        raise CannotDissolveAgency(_("Hãy ghi số văn bản quyết định giải thể, ví dụ 12/NQ-HĐND."))
    if decision_date > people.day_of(now):
        raise CannotDissolveAgency(
            _("Ngày của văn bản, %(day)s, chưa tới. Hãy ghi ngày ký văn bản, hôm nay hoặc sớm hơn.")
            % {"day": f"{decision_date:%d/%m/%Y}"}
        )
    needs_heir = successor_id is None and queries.needs_heir(
        ending.agency, last_day=last_day, now=now
    )
    if needs_heir:
        raise CannotDissolveAgency(
            _(
                "%(agency)s còn việc đang mở hoặc vị trí sẽ bắt đầu, nên phải có cơ quan kế thừa. Hãy chọn cơ quan "
                "nhận việc."
            )
            % {"agency": ending.agency.name}
        )
    return ending


@transaction.atomic(durable=True)
def dissolve_agency(
    *,
    officer: people.Person,
    agency_id: int,
    successor_id: int | None,
    last_day: date,
    decision_number: str,
    decision_date: date,
    now: datetime,
) -> Dissolution:
    """Dissolve an agency: its last day, its successor, the ends of its posts, and where it is today, all moves.

    After a later last day a job moves the work, at the first working moment. Raises NotAllowed, or
    CannotDissolveAgency with what hinders it; then nothing is written.
    """
    ending = check_dissolution(
        officer=officer,
        agency_id=agency_id,
        successor_id=successor_id,
        last_day=last_day,
        decision_number=decision_number,
        decision_date=decision_date,
        now=now,
        is_final=True,
    )
    number = vietnamese.tidy(decision_number)[:LONGEST_NUMBER]
    decision = f"{number}, {decision_date:%d/%m/%Y}"
    made = Dissolution.objects.create(
        agency=ending.agency,
        successor=ending.successor,
        decision_number=number,
        decision_date=decision_date,
        last_day=last_day,
        posts=people_actions.end_agency(officer=officer, ending=ending, because=decision, now=now),
        decided_at=now,
        decided_by_id=officer.id,
    )
    _tell_holders_of_posts(made, now=now)
    if last_day == people.day_of(now):
        _move(made, officer=officer, now=now)
    return made


@transaction.atomic(durable=True)
def take_effect(*, officer: people.Person, dissolution_id: int, now: datetime) -> int:
    """Move the work of an agency whose last day is over to its successor; return how many cases.

    Only the system does this, and does it again for what came since. One that was taken back moves
    nothing.
    """
    people_actions.require_system(officer)
    found = _locked(dissolution_id)
    if found.undone_at is not None or found.last_day >= people.day_of(now):
        return 0
    return _move(found, officer=officer, now=now)


def _locked(dissolution_id: int) -> Dissolution:
    rows = Dissolution.objects.select_for_update(of=("self",))
    found = rows.select_related("agency", "successor", "heir").filter(pk=dissolution_id).first()
    if found is None:
        raise queries.NoSuchDissolution(
            _("Không có lần giải thể số %(id)s. Hãy chọn lại trong danh sách cơ quan.")
            % {"id": dissolution_id}
        )
    return found


def _move(row: Dissolution, *, officer: people.Person, now: datetime) -> int:
    """Move what waits at the agency, as many statements for one case as for many."""
    heir = row.successor and agency_queries.get_heir(row.successor, on=people.day_of(now))
    moved = 0
    if heir is not None:
        if row.moved_at is None:
            people_actions.go_on_with(agency=row.agency, heir=heir)
        _add_sent(row, heir_id=heir.pk)
        row.heir = heir
        moved = _move_cases(row, officer_id=officer.id, now=now)
        if moved:
            suspend_what_came(officer=officer, agency_id=heir.pk, now=now)
    row.moved_at = row.moved_at or now
    row.save(update_fields=["heir", "sent", "moved_at"])
    return moved


def _add_sent(row: Dissolution, *, heir_id: int) -> None:
    """Give the successor what the post carries; submissions stay as they were sent, and are answered there."""
    post = queries.open_post(row.agency_id).order_by("pk")
    found = {
        "unsent": list(post.filter(sent_at=None).values_list("pk", flat=True)),
        "carried": list(post.filter(sent_at__isnull=False).values_list("pk", flat=True)),
    }
    PostalItem.objects.filter(pk__in=found["unsent"] + found["carried"]).update(agency=heir_id)
    row.sent = {name: [*row.sent.get(name, ()), *ids] for name, ids in found.items()}


def _move_cases(row: Dissolution, *, officer_id: int, now: datetime) -> int:
    assert row.heir is not None
    near = queries.running_cases(row.agency).values_list("run_id", "pk", "code")
    found = {run_id: (pk, code) for run_id, pk, code in near}
    # The trails first, then the rows, as the hot path takes them: a step that is being completed
    # is done before, or is read again and found at the successor.
    audit.hold_many(f"case:{code}" for _pk, code in found.values())
    handed = workflow.hand_on(
        agency_id=row.agency_id, heir_id=row.heir.pk, run_ids=set(found), now=now
    )
    steps: dict[int, list[dict[str, Any]]] = {run_id: [] for run_id in handed.run_ids}
    for step in handed.steps:
        steps[step.run_id].append(
            {"task": step.task_id, "assignee": step.assignee_id, "is_kept": step.is_kept}
        )
    HandedCase.objects.bulk_create(
        HandedCase(
            dissolution=row,
            case_id=found[run_id][0],
            steps=its,
            was_receiving=run_id in handed.receiving,
            was_settling=run_id in handed.settling,
            moved_at=now,
        )
        for run_id, its in steps.items()
    )
    reason = _reason(row)
    audit.record_many(
        event="case.handed_on",
        facts={
            f"case:{found[run_id][1]}": {
                "from": row.agency.code,
                "to": row.heir.code,
                "tasks": [one["task"] for one in its],
                "reason": reason.vi,
            }
            for run_id, its in steps.items()
        },
        actor_id=officer_id,
        at=now,
        because=reason.vi,
    )
    _tell_of_steps(row, handed.steps, now=now)
    return len(steps)


def _reason(row: Dissolution) -> Because:
    assert row.heir is not None
    return handing_on.reason_of(
        agency=row.agency.name,
        heir=row.heir.name,
        decision=row.decision_number,
        decided_on=row.decision_date,
    )


def _tell_holders_of_posts(row: Dissolution, *, now: datetime) -> None:
    said = handing_on.told_post_ends(
        agency=row.agency.name, last_day=row.last_day, decision=row.decision_number
    )
    ended = row.last_day + timedelta(days=1)
    holders = agency_queries.list_holders_until(row.agency_id, ended)
    _tell(row, "post", said, holders, now=now)


def _tell(
    row: Dissolution, what: str, said: Because, person_ids: Iterable[int], *, now: datetime
) -> None:
    messages.tell(
        news=[
            _news(row, what, said, now=now, person_id=person_id)
            for person_id in sorted(set(person_ids))
        ],
        now=now,
    )


def _news(row: Dissolution, what: str, said: Because, *, now: datetime, **to: Any) -> messages.News:
    whom = ":".join(str(one) for one in to.values())
    return messages.News(
        once_key=f"dissolution:{row.pk}:{what}:{whom}:{now.isoformat()}",
        path=reverse("desk:my-work"),
        text_vi=said.vi,
        text_en=said.en,
        **to,
    )


def _tell_of_steps(
    row: Dissolution, steps: Iterable[workflow.HandedStep], *, now: datetime
) -> None:
    """Tell those at the successor what comes to them, and who held a step that it went on."""
    assert row.heir is not None
    by_role: dict[str, int] = {}
    by_holder: dict[int, int] = {}
    for step in steps:
        if step.role:
            by_role[step.role] = by_role.get(step.role, 0) + 1
        if step.assignee_id is not None and not step.is_kept:
            by_holder[step.assignee_id] = by_holder.get(step.assignee_id, 0) + 1
    names = {"agency": row.agency.name, "heir": row.heir.name}
    news = [
        _news(
            row,
            "unit",
            handing_on.told_unit(**names, count=count),
            now=now,
            agency_id=row.heir.pk,
            role=role,
        )
        for role, count in by_role.items()
    ]
    news += [
        _news(row, "holder", handing_on.told_holder(**names, count=count), now=now, person_id=pk)
        for pk, count in by_holder.items()
    ]
    messages.tell(news=news, now=now)


@transaction.atomic(durable=True)
def undo_dissolution(
    *, officer: people.Person, dissolution_id: int, reason: str, now: datetime
) -> Dissolution:
    """Take a dissolution back as a whole, while nobody has gone on with what it moved.

    Raises NotAllowed, NoSuchDissolution, or CannotUndoDissolution with the cases that went on.
    """
    row = _locked(dissolution_id)
    agency = row.agency
    people_actions.require(
        officer, "people.dissolve", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    if row.undone_at is not None:
        raise CannotUndoDissolution(
            _("Lần giải thể này đã được hủy lúc %(at)s. Không cần làm gì thêm.")
            % {"at": f"{timezone.localtime(row.undone_at):%H:%M %d/%m/%Y}"}
        )
    words = vietnamese.tidy(reason)[:LONGEST_REASON]
    if not words:
        raise CannotUndoDissolution(_("Hãy ghi lý do hủy; lý do nằm trong dấu vết của từng hồ sơ."))
    codes = _put_back(row, now=now) if row.moved_at is not None and row.heir_id else []
    people_actions.revive_agency(
        officer=officer,
        agency_id=agency.pk,
        heir_id=row.heir_id if row.moved_at else None,
        posts=row.posts,
        because=words,
        now=now,
    )
    audit.record_many(
        event="case.handing_on_undone",
        facts={f"case:{code}": {"to": agency.code, "reason": words} for code in codes},
        actor_id=officer.id,
        at=now,
        because=words,
    )
    row.undone_at, row.undone_by_id, row.undo_reason = now, officer.id, words
    row.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    said = handing_on.told_taken_back(agency=agency.name)
    _tell(
        row, "undone", said, agency_queries.list_holders_on(agency.pk, people.day_of(now)), now=now
    )
    return row


def _put_back(row: Dissolution, *, now: datetime) -> list[str]:
    """Put cases and post back, and return the codes of the cases; none where one went on."""
    assert row.heir_id is not None and row.moved_at is not None
    handed = list(row.cases.select_related("case").order_by("pk"))
    runs = {one.case.run_id: one.case.code for one in handed}
    audit.hold_many(f"case:{code}" for code in runs.values())
    steps = [step for one in handed for step in one.steps]
    touched = workflow.list_touched(
        steps={one["task"]: one["assignee"] if one["is_kept"] else None for one in steps},
        run_ids=set(runs),
        heir_id=row.heir_id,
        since=row.moved_at,
    )
    if touched:
        _refuse_undo(row, [runs[run_id] for run_id in touched])
    _put_back_sent(row)
    workflow.hand_back(
        agency_id=row.agency_id,
        assignees={one["task"]: one["assignee"] for one in steps},
        receiving={one.case.run_id for one in handed if one.was_receiving},
        settling={one.case.run_id for one in handed if one.was_settling},
    )
    return sorted(runs.values())


def _refuse_undo(row: Dissolution, codes: list[str]) -> None:
    more = len(codes) - MOST_NAMED
    raise CannotUndoDissolution(
        _(
            "%(count)d hồ sơ đã được %(heir)s làm tiếp sau khi chuyển, nên không hủy được nữa: %(codes)s%(more)s. "
            "Việc đã chuyển ở lại %(heir)s; nếu cần, hãy lập lại cơ quan bằng một văn bản mới."
        )
        % {
            "count": len(codes),
            "heir": row.heir.name if row.heir else "",
            "codes": ", ".join(codes[:MOST_NAMED]),
            "more": _(" và %(count)d hồ sơ khác") % {"count": more} if more > 0 else "",
        }
    )


def _put_back_sent(row: Dissolution) -> None:
    """Put back what the post carries, if it waits as it did; raise CannotUndoDissolution else."""
    post = queries.open_post(row.heir_id or 0)
    unsent = post.filter(pk__in=row.sent.get("unsent", ()), sent_at=None)
    carried = post.filter(pk__in=row.sent.get("carried", ()), sent_at__isnull=False)
    put_back = sum(rows.update(agency=row.agency_id) for rows in (unsent, carried))
    if put_back < sum(len(ids) for ids in row.sent.values()):
        raise CannotUndoDissolution(
            _("Bưu gửi đã chuyển đã được %(heir)s xử lý tiếp, nên không hủy được nữa.")
            % {"heir": row.heir.name if row.heir else ""}
        )

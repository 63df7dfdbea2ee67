"""Rehearses a draft on the cases of a past period: asked for by a person, carried out by a job."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.audit import actions as audit
from motcua.cases import rehearsal_queries
from motcua.cases.models import Rehearsal, RehearsedCase
from motcua.cases.rehearsal_figures import Played
from motcua.engine import migration
from motcua.engine import rehearsal as engine
from motcua.engine.bpmn import BpmnProblem
from motcua.engine.net import Net
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import charts
from motcua.workflow import queries as workflow

if TYPE_CHECKING:
    from motcua.people.models import Agency
    from motcua.workflow.models import Draft

CASES_AT_ONCE = 500
_OPEN = ("DRAFT", "CONSULTATION", "CONSENTED")


class CannotRehearse(Exception):
    """The draft is closed or has faults, nothing ran before it, or the period holds no case."""


@transaction.atomic(durable=True)
def ask_for_rehearsal(
    *,
    officer: people.Person,
    draft_id: int,
    unit_code: str,
    with_subordinate: bool,
    first_day: date,
    last_day: date,
    now: datetime,
) -> Rehearsal:
    """Let a job play the cases of a period and a unit through the draft as it is now.

    Asked again while the same rehearsal goes on, that one is returned. Raises CannotRehearse or
    NotAllowed: who rehearses draws the workflow and may see the reports of the unit.
    """
    draft, agency = workflow.get_draft(draft_id), people.get_agency(unit_code)
    require_rehearser(officer, draft, agency=agency, with_subordinate=with_subordinate, now=now)
    if draft.status not in _OPEN:
        raise CannotRehearse(
            _("Bản thảo “%(name)s” hiện ở trạng thái “%(status)s”, không còn gì để diễn tập.")
            % {"name": draft.name, "status": draft.get_status_display()}
        )
    if last_day < first_day or first_day > people.day_of(now):
        raise CannotRehearse(
            _("Kỳ diễn tập phải kết thúc sau ngày bắt đầu và đã bắt đầu. Hãy chọn kỳ khác.")
        )
    _net_of(draft, on=people.day_of(now))
    before = _version_before(draft, on=people.day_of(now))
    asked = {
        "draft": draft,
        "revision": draft.revision,
        "agency": agency,
        "with_subordinate": with_subordinate,
        "first_day": first_day,
        "last_day": last_day,
    }
    same = Rehearsal.objects.filter(**asked, finished_at=None).first()
    if same is not None:
        return same
    total = rehearsal_queries.cases_to_rehearse(
        draft.workflow_id,
        agency,
        with_subordinate=with_subordinate,
        first_day=first_day,
        last_day=last_day,
    ).count()
    if not total:
        raise CannotRehearse(_no_cases(draft, agency, first_day=first_day, last_day=last_day))
    rehearsal = Rehearsal.objects.create(
        **asked, before_id=before, asked_at=now, asked_by_id=officer.id, total=total
    )
    audit.record(
        event="draft.rehearsal_asked",
        subject=f"workflow:{draft.workflow.key}",
        actor_id=officer.id,
        at=now,
        because=draft.name,
        facts={
            "draft": draft.pk,
            "revision": draft.revision,
            "unit": agency.code,
            "first_day": first_day.isoformat(),
            "last_day": last_day.isoformat(),
            "cases": total,
        },
    )
    # By its name: jobs stand above actions. It is queued in this transaction, or not at all.
    app.configure_task("motcua.cases.jobs.rehearse_waiting", lock="rehearse").defer()
    return rehearsal


def require_rehearser(
    officer: people.Person, draft: Draft, *, agency: Agency, with_subordinate: bool, now: datetime
) -> None:
    """Stop whoever does not draw this workflow or may not see the reports of the unit: NotAllowed."""
    owner = draft.workflow.owner
    people_actions.require(
        officer,
        "workflow.draw",
        now=now,
        agency_id=owner.pk if owner else 0,
        agency_path=owner.path if owner else "",
    )
    require_reader(officer, agency=agency, with_subordinate=with_subordinate, now=now)


def require_reader(
    officer: people.Person, *, agency: Agency, with_subordinate: bool, now: datetime
) -> None:
    """Stop whoever may not see the reports of a unit, and of all below it if asked: NotAllowed."""
    people_actions.require(
        officer, "reports.see", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    scope = people.scope_of(officer, "reports.see", now=now)
    covers_tree = scope.everything or any(agency.path.startswith(tree) for tree in scope.subtrees)
    if with_subordinate and not covers_tree:
        raise people_actions.NotAllowed(
            _(
                "Anh/chị chỉ được xem số liệu của chính %(unit)s, không xem được các đơn vị trực thuộc. "
                "Hãy bỏ chọn các đơn vị trực thuộc."
            )
            % {"unit": agency.name}
        )


def carry_out_rehearsal(*, rehearsal_id: int, now: datetime) -> None:
    """Play the cases and store the figures and the rows behind them; a second time does nothing.

    Called by the job, which may be killed at any time: nothing but the progress is stored before the
    end, and another job begins anew.
    """
    rehearsal = Rehearsal.objects.select_related("draft__workflow", "agency").get(pk=rehearsal_id)
    if rehearsal.finished_at is not None:
        return
    on = people.day_of(now)
    try:
        after = _net_of(rehearsal.draft, on=on, revision=rehearsal.revision)
    except CannotRehearse as refusal:
        break_off_rehearsal(rehearsal_id=rehearsal_id, refusal=str(refusal), now=now)
        return
    played = _play(rehearsal, after, now=now)
    with transaction.atomic(durable=True):
        held = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
        if held.finished_at is not None:
            return
        RehearsedCase.objects.bulk_create(played.rows(rehearsal_id), batch_size=1000)
        held.result, held.finished_at = played.figures(), now
        held.total = held.done = len(played.cases)
        held.save(update_fields=["result", "finished_at", "total", "done"])


def break_off_rehearsal(*, rehearsal_id: int, refusal: str, now: datetime) -> None:
    """End a rehearsal without a result, and keep why; one that has ended stays as it is."""
    Rehearsal.objects.filter(pk=rehearsal_id, finished_at=None).update(
        finished_at=now, refusal=refusal
    )


def _play(rehearsal: Rehearsal, after: Net, *, now: datetime) -> Played:
    before = workflow.get_version(rehearsal.before_id).net
    cases = rehearsal_queries.read_past(
        rehearsal_queries.cases_to_rehearse(
            rehearsal.draft.workflow_id,
            rehearsal.agency,
            with_subordinate=rehearsal.with_subordinate,
            first_day=rehearsal.first_day,
            last_day=rehearsal.last_day,
        ),
        before=before,
        version_id=rehearsal.before_id,
        after=after,
    )
    history = rehearsal_queries.history_for(rehearsal.draft.workflow.key, before=now)
    day = rehearsal_queries.minutes_of_day(rehearsal.first_day)
    same_as = {match.new: match.old for match in migration.propose(before, after) if match.new}
    courses: tuple[list[engine.Course], list[engine.Course]] = ([], [])
    for number in range(0, len(cases), CASES_AT_ONCE):
        past = [case.past for case in cases[number : number + CASES_AT_ONCE]]
        for side, (net, same) in enumerate(((before, None), (after, same_as))):
            played = engine.rehearse(net, past, history=history, minutes_of_day=day, same_as=same)
            courses[side].extend(played.courses)
        Rehearsal.objects.filter(pk=rehearsal.pk).update(done=number + len(past))
    return Played(
        cases=cases,
        before=engine.Rehearsal(courses=tuple(courses[0])),
        after=engine.Rehearsal(courses=tuple(courses[1])),
    )


def _net_of(draft: Draft, *, on: date, revision: int | None = None) -> Net:
    xml = draft.bpmn_xml if revision is None else workflow.get_drawing_of_edit(draft.pk, revision)
    try:
        chart = charts.compile_chart(bpmn_xml=xml, key=draft.workflow.key, on=on)
    except BpmnProblem as problem:
        raise CannotRehearse(str(problem)) from problem
    if chart.hindrances:
        raise CannotRehearse(
            _("Bản thảo còn lỗi nên chưa diễn tập được; hãy sửa rồi thử lại: %(errors)s")
            % {"errors": " ".join(finding.because.vi for finding in chart.hindrances)}
        )
    return chart.net


def _version_before(draft: Draft, *, on: date) -> int:
    if draft.based_on_id is not None:
        return draft.based_on_id
    found = workflow.find_version_in_force(workflow_key=draft.workflow.key, on=on)
    if found is None:
        raise CannotRehearse(
            _(
                "Quy trình “%(name)s” chưa có phiên bản nào được công bố nên chưa có hồ sơ nào để diễn tập. "
                "Hãy soạn bản thảo từ quy trình đang dùng."
            )
            % {"name": draft.workflow.name}
        )
    return found.id


def _no_cases(draft: Draft, agency: Agency, *, first_day: date, last_day: date) -> str:
    return _(
        "Từ %(first)s đến %(last)s, %(unit)s không có hồ sơ nào chạy theo quy trình “%(name)s”. Hãy chọn "
        "kỳ khác hoặc đơn vị khác."
    ) % {
        "first": f"{first_day:%d/%m/%Y}",
        "last": f"{last_day:%d/%m/%Y}",
        "unit": agency.name,
        "name": draft.workflow.name,
    }

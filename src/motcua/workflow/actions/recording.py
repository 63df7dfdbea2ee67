"""Recorded tests: what the owner of a workflow says must happen, played at each edit of a draft.

A test belongs to the workflow, so that whoever changes the chart meets it: while it fails, no
version is published. Who means the change retires the test, with a reason that stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import recorded_tests as engine
from motcua.engine import tokens, vietnamese
from motcua.engine.bpmn import BpmnProblem
from motcua.engine.conditions import UnfitValue
from motcua.engine.explain import Because
from motcua.engine.net import CannotStart, Net
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import charts, queries
from motcua.workflow.models import Draft, PlayedTest, RecordedTest, Workflow


class CannotRecordTest(Exception):
    """The test has no name or one that is taken, or its choices cannot be made on the chart."""


class CannotRetireTest(Exception):
    """The test is retired already, or no reason was given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What happened to a real case: under which version, with which facts and choices."""

    case_code: str
    version_id: int
    facts: Mapping[str, Any]
    choices: tuple[engine.Choice, ...]


@transaction.atomic(durable=True)
def record_test(
    *,
    officer: people.Person,
    draft_id: int,
    name: str,
    facts: Mapping[str, Any],
    choices: Iterable[engine.Choice],
    now: datetime,
) -> RecordedTest:
    """Keep what the draft does with these facts and choices as a test of the workflow.

    Raises CannotRecordTest or NotAllowed.
    """
    draft = queries.get_draft(draft_id)
    _require_owner(officer, draft.workflow, now=now)
    net = _net_of(draft, on=people.day_of(now))
    if isinstance(net, Because):
        raise CannotRecordTest(net.vi)
    return _record(draft, net, name, facts, choices, origin="", officer=officer, now=now)


@transaction.atomic(durable=True)
def record_history(
    *, officer: people.Person, draft_id: int, name: str, history: History, now: datetime
) -> RecordedTest:
    """Keep what happened to a real case as a test: the same must happen in every coming version.

    The caller has guarded who may see the case. Raises CannotRecordTest or NotAllowed.
    """
    draft = queries.get_draft(draft_id)
    _require_owner(officer, draft.workflow, now=now)
    version = queries.get_version(history.version_id)
    if version.workflow_key != draft.workflow.key:
        raise CannotRecordTest(
            _("Hồ sơ %(code)s chạy theo quy trình khác. Hãy chọn hồ sơ của quy trình “%(name)s”.")
            % {"code": history.case_code, "name": draft.workflow.name}
        )
    return _record(
        draft,
        version.net,
        name,
        history.facts,
        history.choices,
        origin=history.case_code,
        officer=officer,
        now=now,
    )


def _record(
    draft: Draft,
    net: Net,
    name: str,
    facts: Mapping[str, Any],
    choices: Iterable[engine.Choice],
    *,
    origin: str,
    officer: people.Person,
    now: datetime,
) -> RecordedTest:
    name = vietnamese.tidy(name)[:200]
    if not name:
        raise CannotRecordTest(_("Hãy đặt tên cho kịch bản, ví dụ “Trả lại một lần rồi duyệt”."))
    try:
        made = engine.record(net, name=name, facts=facts, choices=choices)
    except (CannotStart, tokens.StepNotOpen, tokens.NoWayOut, UnfitValue) as error:
        raise CannotRecordTest(error.because.vi) from error
    try:
        with transaction.atomic():
            test = RecordedTest.objects.create(
                workflow=draft.workflow,
                name=name,
                facts=dict(made.facts),
                choices=[
                    {"step": one.step, "outcome": one.outcome, "facts": dict(one.facts)}
                    for one in made.choices
                ],
                expected=[list(opened) for opened in made.expected],
                finishes=made.finishes,
                origin=origin,
                recorded_at=now,
                recorded_by_id=officer.id,
            )
    except IntegrityError:
        raise CannotRecordTest(
            _("Quy trình đã có kịch bản tên “%(name)s”. Hãy đặt tên khác.") % {"name": name}
        ) from None
    _tell(test, "workflow.test_recorded", because=name, officer=officer, now=now)
    play_tests(draft, now=now)
    return test


@transaction.atomic(durable=True)
def retire_test(
    *, officer: people.Person, test_id: int, reason: str, now: datetime
) -> RecordedTest:
    """Let a test count no longer; it stays readable. Raises CannotRetireTest or NotAllowed."""
    test = (
        RecordedTest.objects.select_for_update(of=("self",))
        .select_related("workflow__owner", "retired_by")
        .filter(pk=test_id)
        .first()
    )
    if test is None:
        raise CannotRetireTest(_("Không có kịch bản này. Hãy mở lại danh sách kịch bản."))
    _require_owner(officer, test.workflow, now=now)
    if test.retired_by is not None:
        raise CannotRetireTest(
            _("%(who)s đã bỏ kịch bản này rồi.") % {"who": test.retired_by.full_name}
        )
    if not reason.strip():
        raise CannotRetireTest(_("Hãy ghi lý do bỏ kịch bản, để người sau biết vì sao."))
    test.retired_at, test.retired_by_id, test.retired_reason = now, officer.id, reason.strip()
    test.save(update_fields=["retired_at", "retired_by", "retired_reason"])
    _tell(test, "workflow.test_retired", because=reason.strip(), officer=officer, now=now)
    return test


def play_tests(draft: Draft, *, now: datetime) -> None:
    """Play all tests of the workflow on a draft as it is now, and keep how each came out.

    Called inside the transaction that changes the draft or its tests.
    """
    tests = list(queries.list_tests(draft.workflow_id))
    if not tests:
        return
    net = _net_of(draft, on=people.day_of(now))
    before = {one.test_id: one for one in PlayedTest.objects.filter(draft=draft)}
    for test in tests:
        difference = net if isinstance(net, Because) else _play(net, test)
        row = before.get(test.pk) or PlayedTest(draft=draft, test=test)
        row.revision, row.played_at = draft.revision, now
        row.difference_vi = difference.vi if difference else ""
        row.difference_en = difference.en if difference else ""
        row.failed_since = (row.failed_since or draft.revision) if difference else None
        row.save()


def failing_tests(workflow_id: int, net: Net) -> tuple[tuple[str, Because], ...]:
    """Return the tests that fail on a chart, each with its name and the difference."""
    played = ((test, _play(net, test)) for test in queries.list_tests(workflow_id))
    return tuple((test.name, difference) for test, difference in played if difference)


def _play(net: Net, test: RecordedTest) -> Because | None:
    return engine.play(net, queries.as_recorded(test)).difference


def _net_of(draft: Draft, *, on: date) -> Net | Because:
    """Return the net of a draft as it is, or why it has none."""
    try:
        return charts.compile_chart(bpmn_xml=draft.bpmn_xml, key=draft.workflow.key, on=on).net
    except BpmnProblem as problem:
        first = problem.problems[0].because
        return Because(
            vi=f"Bản vẽ chưa đọc được nên chưa chạy được kịch bản: {first.vi}",
            en=f"The drawing cannot be read, so the test cannot be played: {first.en}",
        )


def _require_owner(officer: people.Person, workflow: Workflow, *, now: datetime) -> None:
    owner = workflow.owner
    people_actions.require(
        officer,
        "workflow.draw",
        now=now,
        agency_id=owner.pk if owner else 0,
        agency_path=owner.path if owner else "",
    )


def _tell(
    test: RecordedTest, event: str, *, because: str, officer: people.Person, now: datetime
) -> None:
    audit.record(
        event=event,
        subject=f"workflow:{test.workflow.key}",
        actor_id=officer.id,
        at=now,
        because=because,
        facts={
            "test": test.pk,
            "name": test.name,
            "facts": test.facts,
            "choices": test.choices,
            "expected": test.expected,
            "origin": test.origin,
        },
    )

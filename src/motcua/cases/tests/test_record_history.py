"""What happened to a real case becomes a test of its workflow."""

from datetime import datetime

import pytest

from motcua.audit.queries import list_reads
from motcua.cases import actions
from motcua.cases.tests.world import CHART, MONDAY, World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.workflow import actions as workflow
from motcua.workflow import queries
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db


def at(day: int) -> datetime:
    return datetime(2023, 3, day, 9, 0, tzinfo=VIETNAM)


def test_the_history_of_a_case_is_played_on_the_draft_and_its_reading_is_noted(
    world: World,
) -> None:
    case = world.receive()
    for officer, day, outcome in (
        (world.cuc, 6, ""),
        (world.binh, 7, ""),
        (world.dung, 8, "RETURN"),
        (world.binh, 9, ""),
        (world.dung, 10, "APPROVE"),
    ):
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        actions.complete_step(
            officer=officer, task_id=task.pk, outcome=outcome, comment="Sửa lại", now=at(day)
        )
    draft = workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=MONDAY
    )
    # The draft no longer lets the leader send a file back.
    workflow.save_draft(
        officer=world.controller,
        draft_id=draft.pk,
        drawn_on=1,
        bpmn_xml=CHART.replace('outcome == "RETURN"', 'outcome == "REFUSE"'),
        now=MONDAY,
    )

    with pytest.raises(NotAllowed):
        actions.record_test_from_case(
            officer=world.oanh, draft_id=draft.pk, case_code=case.code, name="", now=at(13)
        )
    test = actions.record_test_from_case(
        officer=world.controller, draft_id=draft.pk, case_code=case.code, name="", now=at(13)
    )

    assert [choice["step"] for choice in test.choices] == [
        "forward",
        "appraise",
        "approve",
        "appraise",
        "approve",
    ]
    assert (test.origin, test.finishes, test.facts["channel"]) == (case.code, True, "COUNTER")
    (played,) = queries.list_played_tests(draft.pk)
    assert "Sau lần chọn thứ 3 (“Phê duyệt”)" in played.difference_vi
    reads = {
        (read.actor_id, read.what, read.was_allowed) for read in list_reads(f"case:{case.code}")
    }
    assert reads == {
        (world.oanh.id, "case.history_read", False),
        (world.controller.id, "case.history_read", True),
    }

"""Records what happened to a real case as a test of its workflow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motcua.cases.actions.reading import open_case
from motcua.engine.case_facts import ANSWER
from motcua.engine.recorded_tests import Choice
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

if TYPE_CHECKING:
    from motcua.workflow.models import RecordedTest


def record_test_from_case(
    *, officer: people.Person, draft_id: int, case_code: str, name: str, now: datetime
) -> RecordedTest:
    """Let the steps of a case, in the order in which they were done, be a test of its workflow.

    Raises NoSuchCase, CannotRecordTest, NotAllowed. What was moved to another version on its way
    follows no one chart, and is refused.
    """
    case = open_case(
        officer=officer, case_code=case_code.strip(), what="case.history_read", now=now
    ).case
    net = workflow_queries.get_version(case.run.version_id).net
    facts = {key: value for key, value in case.run.facts.items() if key != ANSWER}
    choices = []
    for task in workflow_queries.list_closed_tasks(case.run_id):
        node = net.by_id.get(task.node)
        if node is None:
            raise workflow.CannotRecordTest(
                _(
                    "Hồ sơ %(code)s đã chuyển phiên bản giữa chừng nên không theo trọn một lưu đồ. Hãy chọn "
                    "hồ sơ khác."
                )
                % {"code": case.code}
            )
        answer = case.run.facts.get(ANSWER) if node.message else None
        choices.append(
            Choice(
                step=task.node,
                outcome=task.outcome,
                facts={ANSWER: answer} if answer is not None else {},
            )
        )
    return workflow.record_history(
        officer=officer,
        draft_id=draft_id,
        name=name or case.code,
        history=workflow.History(
            case_code=case.code,
            version_id=case.run.version_id,
            facts=facts,
            choices=tuple(choices),
        ),
        now=now,
    )

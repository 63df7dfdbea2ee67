"""Everything that can be done to workflows and their runs."""

from motcua.workflow.actions.publishing import CannotPublishWorkflow, publish_version
from motcua.workflow.actions.running import (
    OUTCOME_NAMES,
    OUTCOMES_WITH_REASON,
    CannotCompleteStep,
    NewTask,
    OpenStep,
    Plan,
    assign_task,
    completion_writes,
    plan_completion,
    plan_event,
    plan_start,
    run_write,
    tasks_write,
)

__all__ = [
    "OUTCOMES_WITH_REASON",
    "OUTCOME_NAMES",
    "CannotCompleteStep",
    "CannotPublishWorkflow",
    "NewTask",
    "OpenStep",
    "Plan",
    "assign_task",
    "completion_writes",
    "plan_completion",
    "plan_event",
    "plan_start",
    "publish_version",
    "run_write",
    "tasks_write",
]

"""Everything that can be done to workflows and their runs."""

from motcua.workflow.actions.interrupting import close_run, restart_open_tasks
from motcua.workflow.actions.publishing import (
    CannotPublishWorkflow,
    CannotRepublishCallers,
    publish_version,
    republish_callers,
)
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
    "CannotRepublishCallers",
    "NewTask",
    "OpenStep",
    "Plan",
    "assign_task",
    "close_run",
    "completion_writes",
    "plan_completion",
    "plan_event",
    "plan_start",
    "publish_version",
    "republish_callers",
    "restart_open_tasks",
    "run_write",
    "tasks_write",
]

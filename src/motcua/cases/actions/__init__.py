"""Everything that can be done to a case. Each function is one transaction."""

from motcua.cases.actions.assigning import TaskResult, assign_task, assign_tasks
from motcua.cases.actions.calendar import (
    CannotDecideCalendar,
    CannotSuspend,
    check_calendar_decision,
    decide_calendar,
    lift_suspension,
    recount_next,
    suspend_unit,
)
from motcua.cases.actions.clock import (
    extend_with_apology,
    preview_event,
    record_payment,
    request_payment,
    request_supplement,
    return_after_appraisal,
    take_file_again,
    take_supplement,
)
from motcua.cases.actions.clock_of_units import record_unit_event, recount_case
from motcua.cases.actions.clock_records import CannotMoveClock, ClockMoved
from motcua.cases.actions.consulting import CannotConsult, answer_consultation, consult_agency
from motcua.cases.actions.documents import CannotAddDocument, add_document
from motcua.cases.actions.ending import CannotEndCase, refuse_case, stop_case, withdraw_case
from motcua.cases.actions.histories import record_test_from_case
from motcua.cases.actions.migrating import (
    CannotMigrate,
    CannotUndoMigration,
    migrate_next,
    require_migrator,
    start_migration,
    undo_case,
    undo_migration,
    undo_next,
)
from motcua.cases.actions.offline import CannotSyncReceipt, stock_offline_numbers, sync_receipt
from motcua.cases.actions.online import (
    CannotAnswerSubmission,
    CannotRegisterSubmission,
    accept_submission,
    open_submission,
    refuse_submission,
    register_submission,
)
from motcua.cases.actions.posting import (
    CannotPost,
    hand_to_post,
    open_postal_slip,
    plan_return_by_post,
    record_delivery,
    record_failure,
    register_arrival,
    subject_of_slip,
)
from motcua.cases.actions.queueing import CannotCall, call_next, finish_number, take_number
from motcua.cases.actions.reading import open_case, open_consultation
from motcua.cases.actions.receive import CannotReceiveCase, Received, receive_batch, receive_case
from motcua.cases.actions.rehearsing import (
    CannotRehearse,
    ask_for_rehearsal,
    break_off_rehearsal,
    carry_out_rehearsal,
    require_reader,
    require_rehearser,
)
from motcua.cases.actions.reminding import CannotRemind, greet_units, remind
from motcua.cases.actions.returning import CannotReturnResult, return_result
from motcua.cases.actions.steps import complete_step, give_back_task, take_task
from motcua.cases.actions.taking_back import CannotTakeBack, take_back_event
from motcua.cases.actions.waiting import (
    CannotCarryOut,
    CannotDeliverMessage,
    CannotFireTimer,
    carry_out,
    deliver_message,
    fire_timer,
)
from motcua.cases.reception import PartyEntry, Problem, Submission
from motcua.workflow.actions import CannotAssignTask, CannotCompleteStep

__all__ = [
    "CannotAddDocument",
    "CannotAnswerSubmission",
    "CannotAssignTask",
    "CannotCall",
    "CannotCarryOut",
    "CannotCompleteStep",
    "CannotConsult",
    "CannotDecideCalendar",
    "CannotDeliverMessage",
    "CannotEndCase",
    "CannotFireTimer",
    "CannotMigrate",
    "CannotMoveClock",
    "CannotPost",
    "CannotReceiveCase",
    "CannotRegisterSubmission",
    "CannotRehearse",
    "CannotRemind",
    "CannotReturnResult",
    "CannotSuspend",
    "CannotSyncReceipt",
    "CannotTakeBack",
    "CannotUndoMigration",
    "ClockMoved",
    "PartyEntry",
    "Problem",
    "Received",
    "Submission",
    "TaskResult",
    "accept_submission",
    "add_document",
    "answer_consultation",
    "ask_for_rehearsal",
    "assign_task",
    "assign_tasks",
    "break_off_rehearsal",
    "call_next",
    "carry_out",
    "carry_out_rehearsal",
    "check_calendar_decision",
    "complete_step",
    "consult_agency",
    "decide_calendar",
    "deliver_message",
    "extend_with_apology",
    "finish_number",
    "fire_timer",
    "give_back_task",
    "greet_units",
    "hand_to_post",
    "lift_suspension",
    "migrate_next",
    "open_case",
    "open_consultation",
    "open_postal_slip",
    "open_submission",
    "plan_return_by_post",
    "preview_event",
    "receive_batch",
    "receive_case",
    "record_delivery",
    "record_failure",
    "record_payment",
    "record_test_from_case",
    "record_unit_event",
    "recount_case",
    "recount_next",
    "refuse_case",
    "refuse_submission",
    "register_arrival",
    "register_submission",
    "remind",
    "request_payment",
    "request_supplement",
    "require_migrator",
    "require_reader",
    "require_rehearser",
    "return_after_appraisal",
    "return_result",
    "start_migration",
    "stock_offline_numbers",
    "stop_case",
    "subject_of_slip",
    "suspend_unit",
    "sync_receipt",
    "take_back_event",
    "take_file_again",
    "take_number",
    "take_supplement",
    "take_task",
    "undo_case",
    "undo_migration",
    "undo_next",
    "withdraw_case",
]

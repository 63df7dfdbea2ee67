"""Everything that can be done to a case. Each function is one transaction."""

from motcua.cases.actions.documents import CannotAddDocument, add_document
from motcua.cases.actions.reading import open_case
from motcua.cases.actions.receive import CannotReceiveCase, receive_case
from motcua.cases.actions.returning import CannotReturnResult, return_result
from motcua.cases.actions.steps import complete_step, give_back_task, take_task
from motcua.cases.actions.waiting import (
    CannotCarryOut,
    CannotDeliverMessage,
    CannotFireTimer,
    carry_out,
    deliver_message,
    fire_timer,
)
from motcua.cases.reception import PartyEntry, Problem, Submission
from motcua.workflow.actions import CannotCompleteStep

__all__ = [
    "CannotAddDocument",
    "CannotCarryOut",
    "CannotCompleteStep",
    "CannotDeliverMessage",
    "CannotFireTimer",
    "CannotReceiveCase",
    "CannotReturnResult",
    "PartyEntry",
    "Problem",
    "Submission",
    "add_document",
    "carry_out",
    "complete_step",
    "deliver_message",
    "fire_timer",
    "give_back_task",
    "open_case",
    "receive_case",
    "return_result",
    "take_task",
]

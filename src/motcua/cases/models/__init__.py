"""Case files: who asked for what, where it stands, its papers, and the ledger of its deadline."""

from motcua.cases.models.access import SystemAccess
from motcua.cases.models.case_files import Case, CodeCounter, Document, Party, ReceivedComponent
from motcua.cases.models.clock import (
    ClockEvent,
    LedgerEntry,
    MassRecount,
    Recount,
    Reminder,
    Suspension,
)
from motcua.cases.models.consultation import Consultation
from motcua.cases.models.dissolution import Dissolution, HandedCase
from motcua.cases.models.migration import MigratedCase, Migration
from motcua.cases.models.mirror import HandBack, MirroredCase, MirroredStatus
from motcua.cases.models.offline import OfflineNumber
from motcua.cases.models.online import OnlineSubmission
from motcua.cases.models.past_standing import PastStanding
from motcua.cases.models.post import Direction, PostalItem, PostalSlip
from motcua.cases.models.queueing import QueueDay, QueueTicket
from motcua.cases.models.registers import RegisterBook, RegisterLine
from motcua.cases.models.rehearsal import Rehearsal, RehearsedCase
from motcua.cases.models.results import Result
from motcua.cases.models.sending import OutgoingStatus
from motcua.cases.models.shifts import ShiftHandOver
from motcua.cases.models.slip_texts import SlipText

__all__ = [
    "Case",
    "ClockEvent",
    "CodeCounter",
    "Consultation",
    "Direction",
    "Dissolution",
    "Document",
    "HandBack",
    "HandedCase",
    "LedgerEntry",
    "MassRecount",
    "MigratedCase",
    "Migration",
    "MirroredCase",
    "MirroredStatus",
    "OfflineNumber",
    "OnlineSubmission",
    "OutgoingStatus",
    "Party",
    "PastStanding",
    "PostalItem",
    "PostalSlip",
    "QueueDay",
    "QueueTicket",
    "ReceivedComponent",
    "Recount",
    "RegisterBook",
    "RegisterLine",
    "Rehearsal",
    "RehearsedCase",
    "Reminder",
    "Result",
    "ShiftHandOver",
    "SlipText",
    "Suspension",
    "SystemAccess",
]

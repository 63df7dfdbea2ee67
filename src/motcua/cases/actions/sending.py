"""Puts statuses into the outbox for other systems, notes how each attempt went, and sends again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import mirror_queries as mirror
from motcua.cases import sending_queries as sending
from motcua.cases.models import Case, MirroredCase, OutgoingStatus
from motcua.engine.sending import next_attempt_at
from motcua.people import actions as people_actions
from motcua.people import queries as people


class CannotSendAgain(Exception):
    """The status is not refused: it waits, or was sent."""


def queue_status(
    row: MirroredCase, case: Case, *, officer: people.Person, now: datetime
) -> OutgoingStatus:
    """Tell the other system the status that a case has as it becomes ours.

    Called in the transaction of taking it over or again; what changes later a trigger adds.
    """
    last = OutgoingStatus.objects.filter(mirrored=row).aggregate(last=Max("number"))["last"]
    return OutgoingStatus.objects.create(
        mirrored=row,
        number=(last or 0) + 1,
        status=mirror.code_of(case),
        at=now,
        told_by_id=officer.id,
        next_attempt_at=now,
    )


@transaction.atomic(durable=True)
def note_sent(*, officer: people.Person, outgoing_id: int, now: datetime) -> None:
    """Note that the other system has taken a status; only the system itself does this."""
    row = _lock_waiting(officer, outgoing_id)
    if row is None:
        return
    row.sent_at, row.next_attempt_at, row.reason = now, None, ""
    _save(row, now=now)
    _tell(row, "mirrored.status_sent", officer=officer, now=now)


@transaction.atomic(durable=True)
def note_refused(*, officer: people.Person, outgoing_id: int, reason: str, now: datetime) -> None:
    """Note that the other system does not take a status, and why: a person decides what follows."""
    row = _lock_waiting(officer, outgoing_id)
    if row is None:
        return
    row.refused_at, row.next_attempt_at, row.reason = now, None, reason[:600]
    _save(row, now=now)
    _tell(row, "mirrored.status_not_taken", officer=officer, because=row.reason, now=now)


@transaction.atomic(durable=True)
def note_failed(*, officer: people.Person, outgoing_id: int, reason: str, now: datetime) -> None:
    """Note that nobody knows a status to have arrived: again after a pause, or given up."""
    row = _lock_waiting(officer, outgoing_id)
    if row is None:
        return
    rules = sending.sending_rules(people.day_of(now))
    again = next_attempt_at(rules, attempts=row.attempts + 1, failed_at=now)
    row.reason, row.next_attempt_at = reason[:600], again
    if again is None:
        row.refused_at = now
    _save(row, now=now)
    if again is None:
        _tell(row, "mirrored.status_given_up", officer=officer, because=row.reason, now=now)


@transaction.atomic(durable=True)
def send_again(*, officer: people.Person, outgoing_id: int, now: datetime) -> OutgoingStatus:
    """Let a status be sent again that was refused or given up, under the same key.

    Raises CannotSendAgain, NoSuchMirroredCase or NotAllowed.
    """
    found = OutgoingStatus.objects.filter(pk=outgoing_id).first()
    if found is None:
        raise mirror.NoSuchMirroredCase(
            _("Không có tin gửi đi nào mang số %(id)s. Hãy mở lại từ danh sách.")
            % {"id": outgoing_id}
        )
    mirrored = mirror.get_in_scope(found.mirrored_id, officer, now=now)
    people_actions.require(
        officer,
        "cases.send_again",
        now=now,
        agency_id=mirrored.agency_id,
        agency_path=mirrored.agency.path,
    )
    audit.hold(mirror.subject_of(mirrored.source, mirrored.foreign_code))
    row = OutgoingStatus.objects.select_for_update().get(pk=outgoing_id)
    if row.refused_at is None:
        raise CannotSendAgain(
            _("Tin này đã gửi xong.")
            if row.sent_at
            else _("Tin này đang chờ gửi, không cần gửi lại.")
        )
    row.refused_at, row.next_attempt_at, row.attempts = None, now, 0
    row.save(update_fields=["refused_at", "next_attempt_at", "attempts"])
    _tell(row, "mirrored.status_queued_again", officer=officer, because=row.reason, now=now)
    return row


def _lock_waiting(officer: people.Person, outgoing_id: int) -> OutgoingStatus | None:
    """Return a status that still waits, locked; None when another worker has settled it."""
    people_actions.require_system(officer)
    found = OutgoingStatus.objects.select_related("mirrored").get(pk=outgoing_id)
    audit.hold(mirror.subject_of(found.mirrored.source, found.mirrored.foreign_code))
    rows = OutgoingStatus.objects.select_for_update(of=("self",)).select_related("mirrored")
    return rows.filter(pk=outgoing_id, next_attempt_at__isnull=False).first()


def _save(row: OutgoingStatus, *, now: datetime) -> None:
    row.attempts, row.last_attempt_at = row.attempts + 1, now
    row.save(
        update_fields=[
            "attempts",
            "last_attempt_at",
            "next_attempt_at",
            "sent_at",
            "refused_at",
            "reason",
        ]
    )


def _tell(
    row: OutgoingStatus, event: str, *, officer: people.Person, because: str = "", now: datetime
) -> None:
    audit.record(
        event=event,
        subject=mirror.subject_of(row.mirrored.source, row.mirrored.foreign_code),
        actor_id=officer.id,
        at=now,
        because=because,
        facts={"number": row.number, "status": row.status, "key": str(row.key)},
    )

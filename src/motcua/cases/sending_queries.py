"""What can be asked about the statuses that other systems are told: what waits, was sent, was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.cases import mirror_queries as mirror
from motcua.cases.models import OutgoingStatus
from motcua.engine.forwarded import OwnStatus
from motcua.engine.lawvalues import ValueInForce
from motcua.engine.sending import SendingRules
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people

STATES = ("waiting", "sent", "refused", "all")
SUBJECT = "product/sending"


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSend:
    """One status that is to be told now: to whom, under which key, and what it says."""

    id: int
    source: str
    key: UUID
    message: OwnStatus


def sending_rules(on: date) -> SendingRules:
    """Return how often and with what pauses is tried; a province sets it in law/product."""

    def number(key: str) -> int:
        return int(str(lawbook.get_value(SUBJECT, key, on=on).value))

    return SendingRules(
        attempts=number("attempts"),
        first_pause=timedelta(minutes=number("first_pause")),
        longest_pause=timedelta(minutes=number("longest_pause")),
        wait=timedelta(seconds=number("wait_seconds")),
    )


def most_bytes(on: date) -> int:
    """Return how long a message of another system may be."""
    return 1024 * int(str(lawbook.get_value(SUBJECT, "largest_message", on=on).value))


def list_grounds(on: date) -> tuple[tuple[str, ValueInForce[object]], ...]:
    """Return what the exchange with other systems rests on, each with its source and whether it was checked."""
    return (
        (_("Mười trạng thái"), lawbook.get_value("statuses", "2", on=on)),
        (_("Dạng tin"), lawbook.get_value(SUBJECT, "shape", on=on)),
        (_("Số lần gửi lại"), lawbook.get_value(SUBJECT, "attempts", on=on)),
    )


def systems() -> dict[str, dict[str, str]]:
    """Return how each system is reached whose address is set, by its code."""
    found: dict[str, dict[str, str]] = settings.OTHER_SYSTEMS
    return found


def list_due(*, now: datetime, most: int) -> list[int]:
    """Return what is to be sent now, to systems whose address is set.

    Of one case in the order of its changes: what waits holds up what came after it.
    """
    waiting = OutgoingStatus.objects.filter(next_attempt_at__isnull=False)
    earlier = waiting.filter(mirrored=OuterRef("mirrored"), number__lt=OuterRef("number"))
    due = waiting.filter(
        ~Exists(earlier), next_attempt_at__lte=now, mirrored__source__in=list(systems())
    )
    return list(due.order_by("next_attempt_at", "id").values_list("pk", flat=True)[:most])


def find_to_send(outgoing_id: int) -> ToSend | None:
    """Return a status that still waits, as it is told; None when it is settled."""
    rows = OutgoingStatus.objects.select_related("mirrored__case__settling_agency", "told_by")
    row = rows.filter(pk=outgoing_id, next_attempt_at__isnull=False).first()
    if row is None:
        return None
    case = row.mirrored.case
    assert case is not None, "only what is settled here is told"
    return ToSend(
        id=row.pk,
        source=row.mirrored.source,
        key=row.key,
        message=OwnStatus(
            code=row.mirrored.foreign_code,
            status=row.status,
            status_name=_name_vi(row.status),
            at=row.at,
            officer=row.told_by.full_name,
            post=_post_of(row.told_by_id, row.at),
            unit=case.settling_agency.name,
            received_at=case.received_at,
            due_at=case.due_at,
        ),
    )


def list_outgoing(officer: people.Person, *, state: str, now: datetime) -> QuerySet[OutgoingStatus]:
    """Return the statuses told of cases in the person's scope, the newest first."""
    found = _in_scope(officer, now=now).filter(_state(state))
    return found.select_related("mirrored__agency", "mirrored__case").order_by("-at", "-id")


def count_outgoing(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_outgoing gives. One query."""
    counts: dict[str, int] = _in_scope(officer, now=now).aggregate(
        **{f"n_{state}": Count("pk", filter=_state(state)) for state in STATES}
    )
    return {state: counts[f"n_{state}"] for state in STATES}


def list_unset(rows: Any) -> list[str]:
    """Return the systems among these rows to which nothing is sent, for no address is set."""
    return sorted({row.mirrored.source for row in rows} - set(systems()))


def _name_vi(code: int) -> str:
    return next((one.name_vi for one in lawbook.get_statuses() if one.code == code), str(code))


def _post_of(person_id: int, at: datetime) -> str:
    posts = people.get_person(user_id=person_id).posts_on(people.day_of(at))
    return posts[0].role_label if posts else ""


def _in_scope(officer: people.Person, *, now: datetime) -> QuerySet[OutgoingStatus]:
    rows = mirror.in_scope(officer, now=now).values("pk")
    return OutgoingStatus.objects.filter(mirrored__in=rows)


def _state(state: str) -> Q:
    return {
        "waiting": Q(next_attempt_at__isnull=False),
        "sent": Q(sent_at__isnull=False),
        "refused": Q(refused_at__isnull=False),
    }.get(state, Q())

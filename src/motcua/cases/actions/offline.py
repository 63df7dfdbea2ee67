"""Receives cases whose receipts were written offline, under numbers given out beforehand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import queries, shift_queries
from motcua.cases.actions.receive import receive_case
from motcua.cases.actions.shifts import tell_of_receipt
from motcua.cases.models import Case, OfflineNumber
from motcua.cases.reception import Submission
from motcua.people import actions as people_actions
from motcua.people import queries as people

STOCK = 20


class CannotSyncReceipt(Exception):
    """A receipt written offline cannot become a case; the words say why and what to do."""


class WrittenBySomebodyElse(CannotSyncReceipt):
    """A colleague of the counter wrote the receipt: it waits until they sign in."""


@transaction.atomic(durable=True)
def stock_offline_numbers(
    *, officer: people.Person, agency_id: int, now: datetime
) -> list[OfflineNumber]:
    """Return the clerk's unused receipt numbers, filled up to the stock. Numbers have no gaps."""
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    subject = f"offline-numbers:{agency_id}"
    unused = OfflineNumber.objects.filter(agency_id=agency_id, given_to_id=officer.id, case=None)
    held = list(unused.order_by("number"))
    missing = STOCK - len(held)
    if missing <= 0:
        return held
    # Lets one clerk at a time past, so that nobody is given a number twice.
    audit.record(
        event="offline.numbers_given",
        subject=subject,
        actor_id=officer.id,
        at=now,
        facts={"count": missing},
    )
    last = OfflineNumber.objects.filter(agency_id=agency_id).aggregate(last=Max("number"))["last"]
    given = OfflineNumber.objects.bulk_create(
        OfflineNumber(
            agency_id=agency_id,
            number=(last or 0) + place,
            key=uuid4(),
            given_to_id=officer.id,
            given_at=now,
        )
        for place in range(1, missing + 1)
    )
    return [*held, *given]


def sync_receipt(
    *,
    officer: people.Person,
    key: UUID,
    submission: Submission,
    received_at: datetime,
    now: datetime,
) -> Case:
    """Make the case of a receipt that was written offline, received at that moment.

    Sent again it returns the same case. A shift handed over in between holds nothing up: whoever took
    it is told of the case. Raises CannotSyncReceipt, CannotReceiveCase or NotAllowed.
    """
    number = OfflineNumber.objects.filter(key=key).select_related("case", "given_to").first()
    if number is None or number.given_to_id != officer.id:
        if number is not None and _is_of_counter(officer, number.agency_id, now=now):
            raise WrittenBySomebodyElse(
                _(
                    "Giấy %(label)s do %(who)s viết nên chưa gửi. Giấy vẫn nằm trên máy này và tự gửi khi %(who)s "
                    "đăng nhập rồi mở trang này, kể cả khi ca đã bàn giao."
                )
                % {"label": str(number), "who": number.given_to.full_name}
            )
        raise CannotSyncReceipt(
            _("Số giấy ngoại tuyến này không phải của anh/chị. Hãy báo quản trị hệ thống.")
        )
    if number.case is not None:
        return number.case
    if not number.given_at <= received_at <= now:
        raise CannotSyncReceipt(
            _(
                "Thời điểm nhận %(at)s ghi trên máy không thể đúng: số này được cấp lúc %(given)s và bây giờ "
                "là %(now)s. Hãy chỉnh đồng hồ của máy, rồi tiếp nhận lại trên trang thường."
            )
            % {
                "at": queries.moment_words(received_at),
                "given": queries.moment_words(number.given_at),
                "now": queries.moment_words(now),
            }
        )
    case = receive_case(
        officer=officer,
        agency_id=number.agency_id,
        submission=submission,
        received_at=received_at,
        now=now,
    )
    _join(number, case, received_at=received_at, officer=officer, now=now)
    return case


def _is_of_counter(officer: people.Person, agency_id: int, *, now: datetime) -> bool:
    scope = people.scope_of(officer, "cases.receive", now=now)
    return scope.covers(agency_id=agency_id, agency_path="")


@transaction.atomic(durable=True)
def _join(
    number: OfflineNumber,
    case: Case,
    *,
    received_at: datetime,
    officer: people.Person,
    now: datetime,
) -> None:
    """Note under which number the case was received; once, however often it is sent."""
    audit.hold(f"case:{case.code}")
    changed = OfflineNumber.objects.filter(pk=number.pk, case=None).update(
        case=case, received_at=received_at, synced_at=now
    )
    if not changed:
        return
    # Counted without this case: who took the shift looks for the papers that came with it.
    ended = shift_queries.find_ended(
        officer.id, agency_id=number.agency_id, now=received_at, until=now
    )
    facts = {"receipt": str(number), "received_at": received_at.isoformat()}
    audit.record(
        event="case.received_offline",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={**facts, "hand_over": ended.pk} if ended else facts,
    )
    if ended is not None:
        tell_of_receipt(ended, case_code=case.code, label=str(number), officer=officer, now=now)

"""What a counter does with the public postal service, which brings dossiers and takes results away.

The service and its hand-over slips follow QĐ 45/2016/QĐ-TTg; that a notice is no proof of delivery is
function F-18 of the technical requirements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, post_queries, queries, result_queries
from motcua.cases.actions.recalling import (
    mark_delivered_before,
    note_delivered_although_revoked,
)
from motcua.cases.actions.results import mark_handed_over
from motcua.cases.actions.standings import keep_standing
from motcua.cases.models import Case, Direction, PostalItem, PostalSlip
from motcua.engine import vietnamese
from motcua.people import actions as people_actions
from motcua.people import queries as people

LONGEST_NAME = 200
_TRACKING = re.compile(r"^[A-Z0-9]{6,30}$")


class CannotPost(Exception):
    """The post cannot carry this; the words say why and what to do."""


@transaction.atomic(durable=True)
def register_arrival(
    *,
    officer: people.Person,
    agency_id: int,
    tracking_number: str,
    sender_name: str,
    sender_phone: str = "",
    contents: str = "",
    now: datetime,
) -> PostalItem:
    """Note that the post brought a dossier, which waits to be received; raise CannotPost."""
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    number = tidy_tracking_number(tracking_number)
    name = _name(sender_name, missing=_("Hãy nhập tên người gửi ghi trên bưu gửi."))
    item = PostalItem(
        direction=Direction.ARRIVING,
        agency_id=agency_id,
        tracking_number=number,
        party_name=name,
        party_phone=vietnamese.tidy(sender_phone)[:20],
        contents=vietnamese.tidy(contents)[:300],
        registered_at=now,
        registered_by_id=officer.id,
    )
    _insert(item)
    _record("post.arrived", item, officer=officer, now=now)
    return item


def note_reception(
    case: Case, *, tracking_number: str, officer: people.Person, now: datetime
) -> None:
    """Join the case to what the post brought, registered before or only now; raise CannotPost.

    Called inside the transaction that receives the case.
    """
    number = tidy_tracking_number(tracking_number)
    item = post_queries.find_arrival(
        agency_id=case.receiving_agency_id, tracking_number=number
    ) or PostalItem(
        direction=Direction.ARRIVING,
        agency_id=case.receiving_agency_id,
        tracking_number=number,
        party_name=case.parties.get(role="APPLICANT").full_name,
        registered_at=now,
        registered_by_id=officer.id,
    )
    item.case = case
    _insert(item)
    _record("post.received", item, officer=officer, now=now, facts={"case": case.code})


def plan_return(
    case: Case, *, name: str, phone: str, address: str, officer: people.Person, now: datetime
) -> PostalItem:
    """Note that the citizen wants the result by post; raise CannotPost without an address.

    Called inside the transaction that receives the case, and by plan_return_by_post.
    """
    place = vietnamese.tidy(address)
    if not place:
        raise CannotPost(
            _("Chưa có địa chỉ nhận kết quả qua bưu chính. Hãy nhập địa chỉ đầy đủ của người nhận.")
        )
    item = PostalItem(
        direction=Direction.LEAVING,
        agency_id=case.receiving_agency_id,
        case=case,
        party_name=_name(name, missing=_("Hãy nhập tên người nhận kết quả.")),
        party_phone=phone,
        party_address=place[:300],
        registered_at=now,
        registered_by_id=officer.id,
    )
    _insert(item)
    return item


@transaction.atomic(durable=True)
def plan_return_by_post(
    *,
    officer: people.Person,
    case_code: str,
    name: str,
    phone: str = "",
    address: str,
    now: datetime,
) -> PostalItem:
    """Note, after reception, that the citizen wants the result by post; raise CannotPost."""
    case = _lock_case(officer, case_code, now=now)
    if case.returned_at is not None:
        raise CannotPost(_("Kết quả hồ sơ %(code)s đã trả rồi.") % {"code": case.code})
    item = plan_return(case, name=name, phone=phone, address=address, officer=officer, now=now)
    audit.record(
        event="case.return_by_post_wanted",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"address": item.party_address},
    )
    return item


def hand_to_post(
    *,
    officer: people.Person,
    agency_id: int,
    tracking_numbers: Mapping[int, str],
    carrier_name: str,
    now: datetime,
) -> PostalSlip:
    """Hand results to the postman with one slip: all of them or none.

    `tracking_numbers` maps the id of each item to the number on its envelope. Raises CannotPost.
    """
    people_actions.require(officer, "cases.return", now=now, agency_id=agency_id)
    carrier = _name(carrier_name, missing=_("Hãy nhập tên nhân viên bưu chính nhận bưu gửi."))
    if not tracking_numbers:
        raise CannotPost(
            _("Chưa chọn kết quả nào. Hãy đánh dấu những kết quả giao cho bưu chính lần này.")
        )
    numbers = {pk: tidy_tracking_number(text) for pk, text in tracking_numbers.items()}
    if len(set(numbers.values())) < len(numbers):
        raise CannotPost(
            _("Hai bưu gửi có cùng một số hiệu. Mỗi bưu gửi có số hiệu riêng: hãy kiểm tra lại.")
        )
    with transaction.atomic(durable=True):
        return _hand_over(officer, agency_id, numbers, carrier, now=now)


def _hand_over(
    officer: people.Person, agency_id: int, numbers: dict[int, str], carrier: str, *, now: datetime
) -> PostalSlip:
    asked = PostalItem.objects.filter(pk__in=numbers, agency_id=agency_id, direction="LEAVING")
    codes = sorted(asked.values_list("case__code", flat=True))
    # Chains before rows, always in the same order: nobody waits for somebody who waits for them.
    for code in codes:
        audit.hold(f"case:{code}")
    items = list(
        asked.select_for_update(of=("self",)).select_related("case__revision").order_by("pk")
    )
    if len(items) < len(numbers):
        raise CannotPost(
            _("Có bưu gửi không thuộc quầy này hoặc không còn trong danh sách. Hãy tải lại trang.")
        )
    for item in items:
        _require_ready(item)
    slip = _new_slip(officer, agency_id, carrier, codes, now=now)
    for item in items:
        item.slip, item.sent_at, item.tracking_number = slip, now, numbers[item.pk]
        _insert(item)
        _record_for_case(
            "case.sent_by_post",
            item,
            officer=officer,
            now=now,
            facts={"tracking_number": item.tracking_number, "slip": str(slip)},
        )
    return slip


def record_delivery(
    *,
    officer: people.Person,
    item_id: int,
    delivered_to: str,
    delivered_at: datetime,
    now: datetime,
) -> PostalItem:
    """Note who received a result and when, by the postman's proof: only now it is returned.

    A result that was revoked before it was delivered is not returned by that: the citizen is told.
    Raises CannotPost or post_queries.NoSuchPost.
    """
    with transaction.atomic(durable=True):
        item = _lock_sent(officer, item_id, now=now)
        name = _name(delivered_to, missing=_("Hãy nhập tên người đã nhận, theo giấy báo phát."))
        assert item.sent_at is not None, "what is on its way was sent"
        # The proof tells minutes: within the one in which it was sent, it was delivered after that.
        if delivered_at <= item.sent_at < delivered_at + timedelta(minutes=1):
            delivered_at = item.sent_at
        if not item.sent_at <= delivered_at <= now:
            raise CannotPost(
                _("Thời điểm phát phải sau khi giao bưu chính (%(sent)s) và không ở tương lai.")
                % {"sent": queries.moment_words(item.sent_at)}
            )
        item.delivered_at, item.delivered_to = delivered_at, name
        item.save(update_fields=["delivered_at", "delivered_to"])
        case = item.case
        assert case is not None, "a result has a case"
        if item.was_delivered_in_vain:
            note_delivered_although_revoked(case, item, officer=officer, now=now)
            return item
        if case.returned_at is not None:
            # Its replacement was handed over meanwhile.
            return item
        # The proof may come days later: until now no report could know of the delivery.
        if people.day_of(delivered_at) < people.day_of(now):
            keep_standing(case, now=now)
        case.status, case.returned_at = Case.Status.RETURNED, delivered_at
        case.returned_to = name
        case.save(update_fields=["status", "returned_at", "returned_to"])
        if item.recalled_at is None:
            mark_handed_over(case, to=name, officer=officer, at=delivered_at)
        else:
            mark_delivered_before(case, item, officer=officer)
        _record_for_case(
            "case.returned",
            item,
            officer=officer,
            now=now,
            facts={"returned_to": name, "tracking_number": item.tracking_number},
        )
    events.case_returned.send(sender=Case, case_id=case.pk)
    return item


@transaction.atomic(durable=True)
def record_failure(
    *, officer: people.Person, item_id: int, reason: str, now: datetime
) -> PostalItem:
    """Note that the post brought a result back; it waits at the counter again. Raise CannotPost."""
    item = _lock_sent(officer, item_id, now=now)
    words = vietnamese.tidy(reason)
    if not words:
        raise CannotPost(_("Hãy ghi lý do bưu chính không phát được, theo giấy chuyển hoàn."))
    item.failed_at, item.failure_reason = now, words[:300]
    item.save(update_fields=["failed_at", "failure_reason"])
    _record_for_case(
        "case.post_failed",
        item,
        officer=officer,
        now=now,
        facts={"reason": item.failure_reason, "tracking_number": item.tracking_number},
    )
    return item


def open_postal_slip(
    *, officer: people.Person, slip_id: int, what: str, now: datetime
) -> tuple[PostalSlip, list[PostalItem]]:
    """Open a hand-over slip with its items, and note the read; raise NoSuchPost or NotAllowed."""
    slip = post_queries.get_slip(slip_id)
    scope = people.scope_of(officer, "cases.return", now=now)
    is_seen = scope.covers(agency_id=slip.agency_id, agency_path=slip.agency.path)
    audit.note_read(
        subject=subject_of_slip(slip_id),
        actor_id=officer.id,
        at=now,
        what=what,
        was_allowed=is_seen,
    )
    if not is_seen:
        people_actions.require(officer, "cases.return", now=now, agency_id=slip.agency_id)
    return slip, list(post_queries.list_items_of(slip))


def subject_of_slip(slip_id: int) -> str:
    """Return by which name reads of a hand-over slip are noted."""
    return f"postal-slip:{slip_id}"


def tidy_tracking_number(text: str) -> str:
    """Return a tracking number without spaces, in capitals; raise CannotPost when it is none."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not _TRACKING.match(number):
        raise CannotPost(
            _(
                "Số hiệu bưu gửi “%(number)s” không đúng: phải có 6 đến 30 chữ cái hoặc chữ số, ví dụ "
                "EA123456789VN. Hãy quét lại mã trên bưu gửi."
            )
            % {"number": text.strip()[:40]}
        )
    return number


def _name(text: str, *, missing: str) -> str:
    name = vietnamese.tidy(text)
    if not name:
        raise CannotPost(missing)
    return name[:LONGEST_NAME]


def _insert(item: PostalItem) -> None:
    """Save an item; a number that another item carries is refused in words."""
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if "tracking_number_once" in str(error):
            raise CannotPost(
                _("Số hiệu bưu gửi %(number)s đã được ghi trước đó. Hãy kiểm tra lại số hiệu.")
                % {"number": item.tracking_number}
            ) from error
        if "one_result_on_its_way" in str(error):
            raise CannotPost(
                _("Hồ sơ này đã đăng ký nhận kết quả qua bưu chính. Hãy tải lại trang.")
            ) from error
        raise


def _lock_case(officer: people.Person, case_code: str, *, now: datetime) -> Case:
    audit.hold(f"case:{case_code}")
    case = Case.objects.select_for_update().filter(code=case_code).first()
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    people_actions.require(officer, "cases.return", now=now, agency_id=case.receiving_agency_id)
    return case


def _lock_sent(officer: people.Person, item_id: int, *, now: datetime) -> PostalItem:
    found = PostalItem.objects.filter(pk=item_id, direction=Direction.LEAVING)
    known = found.select_related("case").first()
    if known is None or known.case is None:
        raise post_queries.NoSuchPost(
            _("Không có bưu gửi số %(number)s. Hãy mở lại từ danh sách.") % {"number": item_id}
        )
    case = _lock_case(officer, known.case.code, now=now)
    item = found.select_for_update().get()
    item.case = case
    if item.sent_at is None:
        raise CannotPost(_("Bưu gửi này chưa giao cho bưu chính."))
    if item.delivered_at is not None:
        raise CannotPost(
            _("Bưu gửi %(number)s đã phát cho %(who)s lúc %(at)s.")
            % {
                "number": item.tracking_number,
                "who": item.delivered_to,
                "at": queries.moment_words(item.delivered_at),
            }
        )
    if item.failed_at is not None:
        raise CannotPost(
            _("Bưu gửi %(number)s đã chuyển hoàn lúc %(at)s.")
            % {"number": item.tracking_number, "at": queries.moment_words(item.failed_at)}
        )
    return item


def _require_ready(item: PostalItem) -> None:
    case = item.case
    assert case is not None, "a result has a case"
    if item.sent_at is not None or item.failed_at is not None:
        raise CannotPost(
            _("Kết quả hồ sơ %(code)s đã giao cho bưu chính trước đó. Hãy tải lại trang.")
            % {"code": case.code}
        )
    if case.status != Case.Status.DONE:
        raise CannotPost(
            _("Hồ sơ %(code)s đang ở trạng thái “%(status)s” nên không có kết quả để gửi.")
            % {"code": case.code, "status": case.get_status_display()}
        )
    if why := result_queries.why_not_ready(case):
        raise CannotPost(why)


def _new_slip(
    officer: people.Person, agency_id: int, carrier: str, codes: list[str], *, now: datetime
) -> PostalSlip:
    """Save the next slip of the counter's year."""
    year = timezone.localtime(now).year
    # The chain has one entry a slip, and lets one clerk at a time past: so numbers have no gaps.
    audit.record(
        event="post.slip_made",
        subject=f"postal-slips:{agency_id}:{year}",
        actor_id=officer.id,
        at=now,
        facts={"carrier": carrier, "cases": codes},
    )
    last = PostalSlip.objects.filter(agency_id=agency_id, year=year).aggregate(last=Max("number"))
    slip = PostalSlip(
        agency_id=agency_id,
        year=year,
        number=int(last["last"] or 0) + 1,
        carrier_name=carrier,
        made_at=now,
        made_by_id=officer.id,
    )
    slip.save(force_insert=True)
    return slip


def _record(
    event: str,
    item: PostalItem,
    *,
    officer: people.Person,
    now: datetime,
    facts: dict[str, str] | None = None,
) -> None:
    audit.record(
        event=event,
        subject=f"post:{item.tracking_number}",
        actor_id=officer.id,
        at=now,
        facts={"agency": item.agency_id, **(facts or {})},
    )


def _record_for_case(
    event: str, item: PostalItem, *, officer: people.Person, now: datetime, facts: dict[str, str]
) -> None:
    assert item.case is not None, "a result has a case"
    audit.record(
        event=event, subject=f"case:{item.case.code}", actor_id=officer.id, at=now, facts=facts
    )

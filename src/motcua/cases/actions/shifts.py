"""Ends a clerk's shift at a counter: counted, handed to a colleague, accepted or declined, taken up again."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import shift_queries
from motcua.cases.models import Case, ShiftHandOver
from motcua.engine import vietnamese
from motcua.messages import actions as messages
from motcua.people import actions as people_actions
from motcua.people import queries as people

LONGEST_WORDS = 500
MOST_CASH = 10**12


class CannotHandOverShift(Exception):
    """The shift cannot be handed over, answered or taken up again; the words say why."""


@transaction.atomic(durable=True)
def hand_over_shift(
    *,
    officer: people.Person,
    agency_id: int,
    next_clerk_id: int,
    cash_vnd: int,
    note: str = "",
    now: datetime,
) -> ShiftHandOver:
    """End the clerk's shift of today as it is counted now, and offer it to a colleague.

    From then on the clerk receives nothing and calls nobody. Raises CannotHandOverShift when the
    colleague does not work at the counter today, or the shift has ended already.
    """
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    names = dict(shift_queries.list_next_clerks(officer, agency_id=agency_id, now=now))
    if next_clerk_id not in names:
        raise CannotHandOverShift(
            _("Người nhận ca phải là công chức khác đang giữ vị trí tại quầy này. Hãy chọn lại.")
        )
    if not 0 <= cash_vnd < MOST_CASH:
        raise CannotHandOverShift(
            _("Số tiền đã thu phải là số đồng, không âm. Không thu thì ghi 0.")
        )
    report = shift_queries.report_shift(officer, agency_id=agency_id, now=now)
    made = ShiftHandOver(
        agency_id=agency_id,
        day=people.day_of(now),
        clerk_id=officer.id,
        next_clerk_id=next_clerk_id,
        starts_at=report.starts_at,
        given_at=now,
        received=report.received,
        returned=report.returned,
        called=report.called,
        absent=report.absent,
        due_vnd=report.due_vnd,
        cash_vnd=cash_vnd,
        case_codes=[case.code for case in report.papers],
        note=vietnamese.tidy(note)[:LONGEST_WORDS],
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise CannotHandOverShift(
            _("Ca hôm nay đã bàn giao rồi, không bàn giao lần nữa. Muốn làm tiếp, hãy vào ca lại.")
        ) from error
    _record("shift.handed_over", made, officer=officer, now=now, facts=_facts(made))
    _tell(made, made.next_clerk_id, "offered", officer, now=now)
    return made


@transaction.atomic(durable=True)
def accept_shift(*, officer: people.Person, hand_over_id: int, now: datetime) -> ShiftHandOver:
    """Take a colleague's shift over as it was counted; raise CannotHandOverShift or NoSuchShift."""
    offered = _offered(officer, hand_over_id, now=now)
    offered.accepted_at = now
    offered.save(update_fields=["accepted_at"])
    _record("shift.accepted", offered, officer=officer, now=now)
    _tell(offered, offered.clerk_id, "accepted", officer, now=now)
    return offered


@transaction.atomic(durable=True)
def decline_shift(
    *, officer: people.Person, hand_over_id: int, reason: str, now: datetime
) -> ShiftHandOver:
    """Give a shift back to the colleague with a reason, who is in it again; raise CannotHandOverShift."""
    offered = _offered(officer, hand_over_id, now=now)
    words = vietnamese.tidy(reason)[:LONGEST_WORDS]
    if not words:
        raise CannotHandOverShift(
            _(
                "Hãy ghi lý do không nhận ca, ví dụ: thiếu giấy tờ của hồ sơ nào, lệch bao nhiêu tiền."
            )
        )
    offered.declined_at, offered.decline_reason = now, words
    offered.save(update_fields=["declined_at", "decline_reason"])
    _record("shift.declined", offered, officer=officer, now=now, because=words)
    _tell(offered, offered.clerk_id, "declined", officer, now=now)
    return offered


@transaction.atomic(durable=True)
def resume_shift(*, officer: people.Person, agency_id: int, now: datetime) -> ShiftHandOver:
    """Let a clerk back into today's shift: not yet accepted, it is theirs again; else a new part begins.

    Raises CannotHandOverShift when they have not handed it over.
    """
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    found = shift_queries.find_ended(officer.id, agency_id=agency_id, now=now)
    ended = found and ShiftHandOver.objects.select_for_update().get(pk=found.pk)
    if ended is None or ended.declined_at or ended.resumed_at:
        raise CannotHandOverShift(_("Anh/chị đang trong ca, không cần vào ca lại."))
    ended.resumed_at = now
    ended.save(update_fields=["resumed_at"])
    _record("shift.resumed", ended, officer=officer, now=now)
    return ended


def open_shift_slip(
    *, officer: people.Person, hand_over_id: int, what: str, now: datetime
) -> tuple[ShiftHandOver, list[Case]]:
    """Open a hand-over with the cases that it names, and note the read; raise NoSuchShift."""
    people_actions.require(officer, "cases.receive", now=now)
    found = shift_queries.get_shift(officer, hand_over_id, now=now)
    audit.note_read(
        subject=subject_of_shift(found.pk), actor_id=officer.id, at=now, what=what, was_allowed=True
    )
    return found, list(shift_queries.list_papers(found))


def subject_of_shift(hand_over_id: int) -> str:
    """Return by which name the acts on a hand-over and its reads are noted."""
    return f"shift:{hand_over_id}"


def _offered(officer: people.Person, hand_over_id: int, *, now: datetime) -> ShiftHandOver:
    """Return a hand-over locked, if this clerk may answer it now."""
    seen = shift_queries.get_shift(officer, hand_over_id, now=now)
    people_actions.require(officer, "cases.receive", now=now, agency_id=seen.agency_id)
    offered = (
        ShiftHandOver.objects.select_for_update(of=("self",))
        .select_related("clerk", "next_clerk")
        .get(pk=hand_over_id)
    )
    if offered.next_clerk_id != officer.id:
        raise CannotHandOverShift(
            _("Ca này bàn giao cho %(who)s, chỉ người đó nhận hoặc không nhận được.")
            % {"who": offered.next_clerk}
        )
    if offered.accepted_at or offered.declined_at:
        raise CannotHandOverShift(_("Ca này anh/chị đã trả lời rồi. Không cần làm gì thêm."))
    if offered.resumed_at:
        raise CannotHandOverShift(
            _("%(who)s đã vào ca lại nên không còn ca để nhận. Không cần làm gì thêm.")
            % {"who": offered.clerk}
        )
    return offered


def _facts(made: ShiftHandOver) -> dict[str, object]:
    return {
        "to": made.next_clerk_id,
        "received": made.received,
        "returned": made.returned,
        "cash_vnd": made.cash_vnd,
        "cases": made.case_codes,
    }


def _record(
    event: str,
    hand_over: ShiftHandOver,
    *,
    officer: people.Person,
    now: datetime,
    because: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    audit.record(
        event=event,
        subject=subject_of_shift(hand_over.pk),
        actor_id=officer.id,
        at=now,
        because=because,
        facts=facts or {},
    )


_NEWS = {
    "offered": ("{who} bàn giao ca cho anh/chị.", "{who} hands their shift over to you."),
    "accepted": ("{who} đã nhận ca của anh/chị.", "{who} has taken your shift."),
    "declined": (
        "{who} không nhận ca của anh/chị: {why}",
        "{who} did not take your shift: {why}",
    ),
    "offline": (
        (
            "Hồ sơ {code} của {who}, giấy ngoại tuyến {label}, nay mới có mã nên không nằm trong biên bản giao "
            "ca. Hãy nhận giấy tờ của hồ sơ này."
        ),
        (
            "Case {code} of {who}, offline receipt {label}, has its code only now and is not in the record of "
            "the hand-over. Take over its papers."
        ),
    ),
}


def tell_of_receipt(
    hand_over: ShiftHandOver, *, case_code: str, label: str, officer: people.Person, now: datetime
) -> None:
    """Tell who took a shift of a case that came to light after it was counted, in its transaction."""
    words = {"who": officer.full_name, "code": case_code, "label": label}
    text_vi, text_en = (text.format(**words) for text in _NEWS["offline"])
    messages.tell(
        news=[
            messages.News(
                once_key=f"shift:{hand_over.pk}:offline:{case_code}",
                path=reverse("desk:case", args=[case_code]),
                text_vi=text_vi,
                text_en=text_en,
                person_id=hand_over.next_clerk_id,
            )
        ],
        now=now,
    )


def _tell(
    hand_over: ShiftHandOver, person_id: int, what: str, officer: people.Person, *, now: datetime
) -> None:
    words = {"who": officer.full_name, "why": hand_over.decline_reason}
    text_vi, text_en = (text.format(**words) for text in _NEWS[what])
    messages.tell(
        news=[
            messages.News(
                once_key=f"shift:{hand_over.pk}:{what}",
                path=reverse("desk:shift"),
                text_vi=text_vi,
                text_en=text_en,
                person_id=person_id,
            )
        ],
        now=now,
    )

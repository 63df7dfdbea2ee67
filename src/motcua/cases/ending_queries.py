"""What can be asked of the ending of a case before its result: who ended it, and may that be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.audit import queries as audit
from motcua.cases import letters, mass_queries, queries
from motcua.cases.models import Case, ClockEvent
from motcua.cases.recounting import calendar_of
from motcua.engine.undoing import last_day_to_undo
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a case ended before its result, by whom and why, and what forbids taking it back."""

    status: str
    at: datetime
    by_id: int
    by: str
    reason: str
    # Where its run stood; None where that was not kept.
    standing: dict[str, Any] | None
    last_day: date
    # Empty when nothing does.
    why_it_stands: str
    # What to do about paper that is out, where the law of the product lets that be.
    reminder: str


def find_ending(case: Case, trail: Sequence[Any], *, now: datetime) -> Ending | None:
    """Return how a case ended before its result, from its whole trail; None when it did not."""
    found = letters.ending_of(case.status)
    if found is None or case.finished_at is None:
        return None
    event, slip = found
    entry = next((one for one in reversed(trail) if one.event == event), None)
    if entry is None:
        return None
    rules = lawbook.get_undo_rules(people.day_of(entry.happened_at))
    last = last_day_to_undo(
        done_at=entry.happened_at, days=rules.ending.value, calendar=calendar_of(case)
    )
    ending = Ending(
        status=case.get_status_display(),
        at=entry.happened_at,
        by_id=entry.actor_id,
        by=entry.actor.full_name,
        reason=entry.because,
        standing=entry.facts.get("standing"),
        last_day=last,
        why_it_stands="",
        reminder="",
    )
    known = {"code": case.code, "status": ending.status, "at": queries.moment_words(ending.at)}
    why = (
        _too_late(ending, known, now=now)
        or _what_happened_since(entry, trail, known)
        or _suspension_since(case, known, now=now)
        or _unit_is_gone(case, known, now=now)
    )
    printed = "" if why else _slip_is_out(case, slip, known, since=ending.at)
    if printed and rules.ending_after_slip.value == "refuse":
        return replace(ending, why_it_stands=_slip_holds(printed))
    return replace(ending, why_it_stands=why, reminder=printed)


def _slip_holds(printed: str) -> str:
    return _(
        "%(printed)s Người dân có thể đã nhận, nên không rút lại được nữa. Nếu người dân vẫn cần, hãy tiếp "
        "nhận thành hồ sơ mới."
    ) % {"printed": printed}


def may_take_back(
    case: Case, ending: Ending | None, officer: people.Person, *, now: datetime
) -> bool:
    """Say whether a person may take an ending back: who recorded it, or the leader of a unit of it.

    Where it is none any more, whoever may end the case hears so.
    """
    wanted = {"cases.end"}
    if ending is None or (ending.by_id == officer.id and case.status == Case.Status.WITHDRAWN):
        wanted.add("cases.withdraw")
    return any(
        people.scope_of(officer, function, now=now).covers(agency_id=agency_id, agency_path="")
        for function in wanted
        for agency_id in (case.settling_agency_id, case.receiving_agency_id)
    )


def _too_late(ending: Ending, known: dict[str, str], *, now: datetime) -> str:
    if people.day_of(now) <= ending.last_day:
        return ""
    return _(
        "“%(status)s” ở hồ sơ %(code)s ghi lúc %(at)s, chỉ rút lại được đến hết ngày %(last)s. Nếu người "
        "dân vẫn cần, hãy tiếp nhận thành hồ sơ mới."
    ) % {**known, "last": f"{ending.last_day:%d/%m/%Y}"}


def _what_happened_since(entry: Any, trail: Sequence[Any], known: dict[str, str]) -> str:
    if not entry.facts.get("standing"):
        return (
            _(
                "Nhật ký của hồ sơ %(code)s không giữ chỗ hồ sơ đang đứng khi kết thúc, nên không rút lại được."
            )
            % known
        )
    later = trail[-1]
    if later.number == entry.number:
        return ""
    return _(
        "Sau “%(status)s”, %(who)s đã ghi thêm một việc ở hồ sơ %(code)s lúc %(when)s, nên không rút lại "
        "được nữa. Nếu người dân vẫn cần, hãy tiếp nhận thành hồ sơ mới."
    ) % {
        **known,
        "who": later.actor.full_name,
        "when": queries.moment_words(later.happened_at),
    }


def _suspension_since(case: Case, known: dict[str, str], *, now: datetime) -> str:
    """A suspension that began or ended meanwhile passed the case by: its clock cannot go on as it was."""
    events = ClockEvent.objects.filter(case=case, cancels=None, cancelled_by=None)
    kinds = ("SUSPENDED", "SUSPENSION_LIFTED")
    last = events.filter(kind__in=kinds).order_by("at", "id").last()
    stands = last is not None and last.kind == "SUSPENDED"
    holds = mass_queries.find_suspension_at(case.settling_agency_id, at=now) is not None
    if stands is holds:
        return ""
    return (
        _(
            "Sau “%(status)s”, việc tạm ngừng thời hạn của đơn vị đã thay đổi mà hồ sơ %(code)s không được "
            "tính, nên không rút lại được. Hãy tiếp nhận thành hồ sơ mới."
        )
        % known
    )


def _unit_is_gone(case: Case, known: dict[str, str], *, now: datetime) -> str:
    """A unit that ended meanwhile handed its open cases on, and this was none of them."""
    today = people.day_of(now)
    for agency in (case.settling_agency, case.receiving_agency):
        if agency.ends_on is not None and agency.ends_on <= today:
            return _(
                "%(agency)s đã kết thúc hoạt động, nên hồ sơ %(code)s không có nơi giải quyết tiếp. Hãy tiếp "
                "nhận thành hồ sơ mới ở cơ quan tiếp quản."
            ) % {**known, "agency": agency.name}
    return ""


def _slip_is_out(case: Case, slip: str, known: dict[str, str], *, since: datetime) -> str:
    printed = audit.list_reads(f"case:{case.code}").filter(
        what=letters.printing_of(slip), was_allowed=True, happened_at__gte=since
    )
    first = printed.last()
    if first is None:
        return ""
    return _("%(who)s đã in giấy báo “%(status)s” của hồ sơ %(code)s lúc %(when)s.") % {
        **known,
        "who": first.actor.full_name,
        "when": queries.moment_words(first.happened_at),
    }

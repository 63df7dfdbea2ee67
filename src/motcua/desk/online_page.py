"""What the pages of online intake show: how long an answer has, who sent what, and its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.cases import online_queries as online
from motcua.desk import chips, counter_page, filter_chips
from motcua.desk.filter_chips import Chip
from motcua.desk.forms import PARTY_KINDS
from motcua.engine.duties import NoRuleYet
from motcua.engine.wording import moment_en, moment_vi
from motcua.engine.worktime import WorkCalendar
from motcua.people.queries import Person
from motcua.procedures import queries as procedures


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmissionRow:
    """A submission in a list, with the chip of its answer deadline and how it stands."""

    submission: Any
    chip: chips.DueChip
    standing: str
    tone: str
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SentParty:
    """A person or organisation as the citizen wrote it."""

    role: str
    kind: str
    full_name: str
    identity_number: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPaper:
    """A paper of the chosen variant: what is asked for, and what the citizen says came."""

    name: str
    expected: str
    sent: str
    is_missing: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmissionShown:
    """Everything that the page of one submission needs, beside the row itself."""

    standing: SubmissionRow
    parties: tuple[SentParty, ...]
    variant: str
    papers: tuple[SentPaper, ...]
    note: str
    lines: tuple[counter_page.CountedDay, ...]
    may_answer: bool


def rows_of(rows: Iterable[Any], *, now: datetime, calendar: WorkCalendar) -> list[SubmissionRow]:
    """Return the rows of a list of submissions."""
    return [_row(row, now=now, calendar=calendar) for row in rows]


def _row(row: Any, *, now: datetime, calendar: WorkCalendar) -> SubmissionRow:
    due_at = row.answer_due_at
    if row.answered_at is None:
        chip = chips.open_chip(due_at, now=now, calendar=calendar)
        standing, tone = _("chờ trả lời"), "active"
    else:
        chip = chips.done_chip(due_at, done_at=row.answered_at, calendar=calendar)
        standing, tone = (_("đã tiếp nhận"), "good") if row.case_id else (_("đã từ chối"), "bad")
    return SubmissionRow(
        submission=row, chip=chip, standing=standing, tone=tone, is_late=chip.tone == "late"
    )


def state_chips(counts: dict[str, int], *, state: str) -> tuple[Chip, ...]:
    """Return a chip for each state, with the count of the list it leads to."""
    names = {
        "waiting": _("Chờ trả lời"),
        "overdue": _("Quá hạn trả lời"),
        "accepted": _("Đã tiếp nhận"),
        "refused": _("Đã từ chối"),
        "late": _("Đã trả lời muộn"),
    }
    address = reverse("desk:online")
    return filter_chips.state_chips(names, counts, address=address, state=state)


def show_submission(
    row: Any, *, calendar: WorkCalendar, officer: Person, now: datetime
) -> SubmissionShown:
    """Return what the page of a submission shows to one person at one moment."""
    sheet = procedures.get_sheet_of(row.revision_id)
    sent = row.content
    variant = next((one for one in sheet.variants if one.code == sent["variant"]), None)
    parties = [(_("Người nộp"), sent["applicant"])]
    if sent["owner"]:
        parties.append((_("Chủ hồ sơ"), sent["owner"]))
    if sent.get("representative"):
        parties.append((_("Người đại diện"), sent["representative"]))
    return SubmissionShown(
        standing=_row(row, now=now, calendar=calendar),
        parties=tuple(_party(role, entry) for role, entry in parties),
        variant=variant.name if variant else sent["variant"],
        papers=tuple(
            _paper(one, sent["papers"].get(str(one.id), [0, 0]))
            for one in (variant.components if variant else ())
        ),
        note=sent["note"],
        lines=_lines(row),
        may_answer=online.may_answer(officer, row, now=now),
    )


def _party(role: str, entry: dict[str, str]) -> SentParty:
    kind = str(PARTY_KINDS.get(entry["kind"], entry["kind"]))
    return SentParty(role=role, **{**entry, "kind": kind})


def _paper(component: procedures.ComponentSheet, counts: list[int]) -> SentPaper:
    originals, copies = counts
    is_missing = component.is_required and (
        originals < component.originals or copies < component.copies
    )
    return SentPaper(
        name=component.name,
        expected=counter_page.copies_words(component.originals, component.copies)
        or _("không định số bản"),
        sent=counter_page.copies_words(originals, copies),
        is_missing=is_missing,
    )


def _lines(row: Any) -> tuple[counter_page.CountedDay, ...]:
    """Return how the answer deadline was counted; nothing where the calendar has changed since."""
    try:
        deadline = online.answer_deadline(
            submitted_at=row.submitted_at, agency_code=row.agency.code
        )
    except (NoRuleYet, *counter_page.CANNOT_COUNT):
        return ()
    if deadline.due_at != row.answer_due_at:
        return ()
    first, *others = counter_page.counted_days(deadline)
    is_english = counter_page.is_english()
    told = _("Nộp lúc %(at)s; phải trả lời trong %(limit)s") % {
        "at": (moment_en if is_english else moment_vi)(deadline.received_at),
        "limit": deadline.limit.text_en() if is_english else deadline.limit.text_vi(),
    }
    return (replace(first, text=told), *others)

"""The slips that an act on a case leads to: which there are, when each may be printed, what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motcua.cases.slip_content import (
    SUBJECT,
    CannotPrintSlip,
    Letterhead,
    PaperLine,
    get_form,
    letterhead_of,
    party_of,
    qr_text_of,
)
from motcua.cases.slip_text_queries import words_at
from motcua.cases.slip_values import moment_text
from motcua.cases.slip_words import SlipForm, SlipWords
from motcua.engine.lawvalues import NotInForce
from motcua.lawbook import queries as lawbook

if TYPE_CHECKING:
    from motcua.cases import queries


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """The act that a slip tells of."""

    at: datetime
    by: str
    reason: str
    due_before: datetime | None = None
    due_after: datetime | None = None
    addressee: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """Who signs a slip, and the name beneath where it is known."""

    role: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterContent:
    """Everything that stands on a slip made of a text with fields."""

    form: SlipForm
    letterhead: Letterhead
    case_code: str
    procedure_name: str
    qr_text: str
    words: SlipWords
    values: dict[str, str | None]
    signers: tuple[Signer, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One stop of a dossier on its way: which agency had it, from when to when, and at which step."""

    agency: str
    received_from: str
    step: str = ""
    received_at: datetime | None = None
    handed_on_at: datetime | None = None
    handed_on_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WayContent:
    """Everything that stands on the slips that travel with a dossier: control slip and hand-over."""

    form: SlipForm
    letterhead: Letterhead
    case_code: str
    procedure_name: str
    qr_text: str
    words: SlipWords
    owner: str
    settling_agency: str
    other_agencies: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    papers: tuple[PaperLine, ...]
    stops: tuple[Stop, ...]


# Slips in the order in which they are offered, by the name in their address.
LETTERS = {
    "phieu-bo-sung": "supplement",
    "phieu-tra-lai-sau-tham-dinh": "returned_file",
    "phieu-xin-loi": "apology",
    "giay-bao-nop-tien": "payment",
    "giay-da-nop-tien": "fee",
    "phieu-lay-y-kien": "consultation",
    "phieu-tu-choi": "refusal",
    "thong-bao-dung": "stop",
    "giay-rut-ho-so": "withdrawal",
}
WAYS = {"phieu-kiem-soat": "control", "giay-ban-giao": "transfer"}
BY_ADDRESS = {**LETTERS, **WAYS}

_CLOCK_EVENTS = {
    "supplement": "SUPPLEMENT_REQUESTED",
    "returned_file": "RETURNED_AFTER_APPRAISAL",
    "apology": "EXTENDED",
    "payment": "PAYMENT_REQUESTED",
    "fee": "PAID",
}
_ENDINGS = {
    "refusal": ("case.refused", "REFUSED"),
    "stop": ("case.stopped", "STOPPED"),
    "withdrawal": ("case.withdrawn", "WITHDRAWN"),
}


def list_letters(page: queries.CasePage) -> tuple[tuple[str, str], ...]:
    """Return address and title of the slips that a case has now."""
    try:
        return tuple(
            (address, _title(page, kind))
            for address, kind in BY_ADDRESS.items()
            if kind in WAYS.values() or _happened(page, kind) is not None
        )
    except CannotPrintSlip:
        # Older than the forms.
        return ()


def _title(page: queries.CasePage, kind: str) -> str:
    """Return the title of a form; two acts lead to one form (NĐ 61/2018 Đ17.2a, Đ19.4)."""
    title = _form(page, kind).title
    if kind != "returned_file":
        return title
    return _("%(title)s, kèm hồ sơ trả lại sau thẩm định") % {"title": title}


def letter_content(
    page: queries.CasePage, kind: str, *, as_if: Happened | None = None
) -> LetterContent:
    """Return what the slip of an act says; raise CannotPrintSlip when the act did not happen.

    `as_if` stands for an act that did not happen yet, when only the words are looked at.
    """
    form = _form(page, kind)
    happened = _happened(page, kind) or as_if
    if happened is None:
        raise CannotPrintSlip(
            _(
                "Hồ sơ %(code)s chưa có việc nào cần “%(slip)s”. Giấy này in được sau khi việc đó đã "
                "được ghi."
            )
            % {"code": page.code, "slip": form.title}
        )
    owner = party_of(page, "OWNER")
    words = words_at(kind, form=form, law_date=page.case.law_date, at=happened.at)
    return LetterContent(
        form=form,
        letterhead=letterhead_of(page.case, issued_at=happened.at),
        case_code=page.code,
        procedure_name=page.case.revision.name,
        qr_text=qr_text_of(page.case, owner, form),
        words=words,
        values=_values(page, happened),
        signers=tuple(_signer(role, happened) for role in words.signers),
    )


def way_content(page: queries.CasePage, kind: str) -> WayContent:
    """Return what the control slip or the hand-over slip between agencies says."""
    case, form = page.case, _form(page, kind)
    owner = party_of(page, "OWNER")
    stops = _stops(page)
    others = dict.fromkeys(
        stop.agency
        for stop in stops
        if stop.agency not in (case.settling_agency.name, case.receiving_agency.name)
    )
    asked = dict.fromkeys(row.agency.name for row in page.clock.consultations)
    return WayContent(
        form=form,
        letterhead=letterhead_of(case, issued_at=case.received_at),
        case_code=page.code,
        procedure_name=case.revision.name,
        qr_text=qr_text_of(case, owner, form),
        words=words_at(kind, form=form, law_date=case.law_date, at=case.received_at),
        owner=owner.full_name,
        settling_agency=case.settling_agency.name,
        other_agencies=", ".join({**others, **asked}),
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        papers=tuple(
            PaperLine(name=paper.component.name, originals=paper.originals, copies=paper.copies)
            for paper in page.papers
        ),
        stops=stops,
    )


def _stops(page: queries.CasePage) -> tuple[Stop, ...]:
    """Return the agencies that a dossier went to, each with its steps there as one stop."""
    tasks = [task for task in page.tasks if task.kind == "USER"]
    found: list[Stop] = []
    here, last_by = page.case.receiving_agency.name, str(page.case.received_by)
    for agency, group in groupby(tasks, key=lambda task: task.agency.name):
        steps = list(group)
        by = str(steps[-1].completed_by) if steps[-1].completed_by else ""
        if agency != here or found:
            found.append(
                Stop(
                    agency=agency,
                    step=", ".join(dict.fromkeys(task.name for task in steps)),
                    received_at=steps[0].opened_at,
                    received_from=last_by,
                    handed_on_at=steps[-1].completed_at,
                    handed_on_by=by,
                )
            )
        last_by = by or last_by
    return tuple(found) or (_coming_stop(page),)


def _coming_stop(page: queries.CasePage) -> Stop:
    """Return the stop to which a dossier goes first, with its time left to be written."""
    return Stop(agency=page.case.settling_agency.name, received_from=str(page.case.received_by))


def _form(page: queries.CasePage, kind: str) -> SlipForm:
    try:
        return get_form(kind, on=page.case.law_date)
    except NotInForce as error:
        raise CannotPrintSlip(str(error)) from error


def ending_of(status: str) -> tuple[str, str] | None:
    """Return the event that ends a case with a status before its result, and the slip that tells it."""
    return next(
        ((event, kind) for kind, (event, ended) in _ENDINGS.items() if ended == status), None
    )


def printing_of(kind: str) -> str:
    """Return as what the printing of a slip is noted among the reads of a case."""
    return f"case.{kind}_slip_printed"


def _happened(page: queries.CasePage, kind: str) -> Happened | None:
    if kind in _CLOCK_EVENTS:
        return _clock_event(page, _CLOCK_EVENTS[kind])
    if kind == "consultation":
        asked = page.clock.consultations
        if not asked:
            return None
        row = asked[-1]
        return Happened(
            at=row.asked_at,
            by=str(row.asked_by),
            reason=row.question,
            due_after=row.due_at,
            addressee=row.agency.name,
        )
    event, status = _ENDINGS[kind]
    entries = [entry for entry in page.trail if entry.event == event]
    if page.case.status != status or not entries:
        return None
    last = entries[-1]
    return Happened(at=last.happened_at, by=str(last.actor), reason=last.because)


def _clock_event(page: queries.CasePage, kind: str) -> Happened | None:
    events = [event for event in page.clock.events if event.kind == kind]
    if not events:
        return None
    last = events[-1]
    told = [entry for entry in page.trail if entry.event == f"case.{kind.lower()}"]
    facts = told[-1].facts if told else {}
    return Happened(
        at=last.at,
        by=str(last.recorded_by),
        reason=last.reason,
        due_before=_moment_of(facts.get("due_before")),
        due_after=_moment_of(facts.get("due_at")),
    )


def _moment_of(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _values(page: queries.CasePage, happened: Happened) -> dict[str, str | None]:
    """Return what the fields of a letter are filled with."""
    case = page.case
    applicant, owner = party_of(page, "APPLICANT"), party_of(page, "OWNER")
    asked = [event.reason for event in page.clock.events if event.kind == "PAYMENT_REQUESTED"]
    steps = [task.name for task in page.tasks if task.kind == "USER"]
    return {
        "ma_ho_so": case.code,
        "thu_tuc": case.revision.name,
        "nguoi_nop": applicant.full_name,
        "chu_ho_so": owner.full_name,
        "dia_chi": applicant.address,
        "dien_thoai": applicant.phone,
        "email": applicant.email,
        "don_vi": letterhead_of(case, issued_at=None).unit,
        "co_quan": case.settling_agency.name,
        "noi_nhan": happened.addressee,
        "ngay_nhan": moment_text(case.received_at),
        "hen_cu": moment_text(happened.due_before or case.due_at),
        "hen_moi": moment_text(happened.due_after or case.due_at),
        "luc_ghi": moment_text(happened.at),
        "ly_do": happened.reason,
        "buoc": steps[-1] if steps else "",
        "tien": asked[-1] if asked else "",
        "can_bo": happened.by,
        "noi_tra_cuu": str(lawbook.get_value(SUBJECT, "look_up", case.law_date).value),
    }


def _signer(words: str, happened: Happened) -> Signer:
    role, _bar, whose = words.partition("|")
    return Signer(role=role, name=happened.by if whose == "officer" else "")

"""What the slips of a case say, as plain values: the receipt and the slip for handing over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from motcua.cases import post_queries
from motcua.cases.slip_text_queries import words_at
from motcua.cases.slip_words import SUBJECT as SUBJECT
from motcua.cases.slip_words import SlipForm, SlipWords
from motcua.cases.slip_words import get_form as get_form
from motcua.engine import vietnamese
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries as lawbook
from motcua.procedures import queries as procedures

if TYPE_CHECKING:
    from motcua.cases import queries
    from motcua.cases.models import Case, Party, PostalItem, PostalSlip, RegisterBook, ShiftHandOver
    from motcua.people.models import Agency

PAPERS = ("A5", "A4")


class CannotPrintSlip(Exception):
    """The slip cannot be made; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who issues a slip, where and when."""

    superior: str
    unit: str
    place: str
    issued_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyLine:
    """A person or organisation as printed on a slip."""

    full_name: str
    is_organisation: bool = False
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLine:
    """A component of the dossier with how many of it came."""

    name: str
    originals: int
    copies: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalReturn:
    """That the result goes back by post: who carries it, to whom and where."""

    carrier: str
    receiver: str
    address: str


class SlipHead(Protocol):
    """What stands at the top of every slip of a case."""

    @property
    def form(self) -> SlipForm: ...
    @property
    def letterhead(self) -> Letterhead: ...
    @property
    def case_code(self) -> str: ...
    @property
    def procedure_name(self) -> str: ...
    @property
    def qr_text(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptContent:
    """Everything that stands on a receipt. What is empty becomes a dotted line to write on."""

    form: SlipForm
    letterhead: Letterhead
    case_code: str
    procedure_name: str
    qr_text: str
    words: SlipWords
    applicant: PartyLine
    owner: PartyLine | None = None
    representative: PartyLine | None = None
    settling_agency: str = ""
    papers: tuple[PaperLine, ...] = ()
    dossiers: int | None = None
    limit: str = ""
    received_at: datetime
    due_at: datetime
    collected_at: str = ""
    postal_return: PostalReturn | None = None
    look_up_at: str = ""
    clerk_name: str = ""
    book: str = ""
    sequence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverContent:
    """Everything that stands on the slip for handing over a result."""

    form: SlipForm
    letterhead: Letterhead
    case_code: str
    procedure_name: str
    qr_text: str
    words: SlipWords
    owner: PartyLine
    result: str = ""
    result_number: str = ""
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    returned_to: str = ""
    clerk_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalLine:
    """One envelope on the slip for the postman."""

    tracking_number: str
    case_code: str
    name: str
    address: str
    # When its result was revoked and it was called back.
    recalled_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalSlipContent:
    """Everything that stands on the slip with which a counter hands results to the postman."""

    form: SlipForm
    letterhead: Letterhead
    words: SlipWords
    number: str
    carrier: str
    clerk_name: str
    made_at: datetime
    items: tuple[PostalLine, ...]


def postal_slip_content(slip: PostalSlip, items: Iterable[PostalItem]) -> PostalSlipContent:
    """Return what a hand-over slip for the post says."""
    day = slip.made_at.astimezone(VIETNAM).date()
    form = get_form("postal", on=day)
    return PostalSlipContent(
        form=form,
        letterhead=_letterhead_of(slip.agency, day=day, issued_at=slip.made_at),
        words=words_at("postal", form=form, law_date=day, at=slip.made_at),
        number=f"{slip.number:02}/{slip.year}",
        carrier=slip.carrier_name,
        clerk_name=str(slip.made_by),
        made_at=slip.made_at,
        items=tuple(
            PostalLine(
                tracking_number=item.tracking_number,
                case_code=item.case.code if item.case else "",
                name=item.party_name,
                address=", ".join(filter(None, [item.party_address, item.party_phone])),
                recalled_at=item.recalled_at,
            )
            for item in items
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftSlipContent:
    """Everything that stands on the slip with which a clerk hands a shift over."""

    form: SlipForm
    letterhead: Letterhead
    words: SlipWords
    hand_over: ShiftHandOver
    clerk_name: str
    next_clerk_name: str
    cases: tuple[Case, ...]


def shift_slip_content(hand_over: ShiftHandOver, cases: Iterable[Case]) -> ShiftSlipContent:
    """Return what the slip of a hand-over says."""
    form = get_form("shift", on=hand_over.day)
    return ShiftSlipContent(
        form=form,
        letterhead=_letterhead_of(
            hand_over.agency, day=hand_over.day, issued_at=hand_over.given_at
        ),
        words=words_at("shift", form=form, law_date=hand_over.day, at=hand_over.given_at),
        hand_over=hand_over,
        clerk_name=str(hand_over.clerk),
        next_clerk_name=str(hand_over.next_clerk),
        cases=tuple(cases),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterContent:
    """The head of a printed register: the form of its day, whose it is, and what it is called."""

    form: SlipForm
    letterhead: Letterhead
    words: SlipWords
    book: RegisterBook
    code: str


def register_content(book: RegisterBook, *, day: date, issued_at: datetime) -> RegisterContent:
    """Return the head of a register as the law of a day wants it."""
    form = get_form("register", on=day)
    return RegisterContent(
        form=form,
        letterhead=_letterhead_of(book.agency, day=day, issued_at=issued_at),
        words=words_at("register", form=form, law_date=day, at=issued_at),
        book=book,
        code=f"{book.agency.code}/{book.year}",
    )


def qr_text(
    *, case_code: str, procedure_code: str, holder_number: str, paper_title: str, on: date
) -> str:
    """Return what the QR code of a paper holds (TT 01/2018/TT-VPCP Đ19.2; TT 01/2023/TT-VPCP)."""
    parts = {
        "case_code": case_code,
        "procedure_code": procedure_code,
        "holder_number": holder_number,
        "paper_title": paper_title,
    }
    wanted = lawbook.get_value(SUBJECT, "qr_code", on).value
    assert isinstance(wanted, list), "law/forms/slips.yaml lists the parts of a QR code"
    return "|".join(vietnamese.tidy(parts[part]).replace("|", "/") for part in wanted)


def receipt_content(page: queries.CasePage) -> ReceiptContent:
    """Return what the receipt of a case says; raise CannotPrintSlip when there is no applicant."""
    case = page.case
    form = get_form("receipt", on=case.law_date)
    applicant, owner = party_of(page, "APPLICANT"), party_of(page, "OWNER")
    letterhead = letterhead_of(case, issued_at=case.received_at)
    return ReceiptContent(
        form=form,
        letterhead=letterhead,
        case_code=case.code,
        procedure_name=case.revision.name,
        qr_text=qr_text_of(case, owner, form),
        words=words_at("receipt", form=form, law_date=case.law_date, at=case.received_at),
        applicant=applicant,
        owner=_other_owner(applicant, owner),
        representative=_representative(page),
        settling_agency=case.settling_agency.name,
        papers=tuple(
            PaperLine(name=paper.component.name, originals=paper.originals, copies=paper.copies)
            for paper in page.papers
        ),
        # A case is one dossier; its papers are counted one by one above.
        dossiers=1,
        limit=_limit(case),
        received_at=case.received_at,
        due_at=case.due_at,
        collected_at=_counter(case, letterhead),
        postal_return=_postal_return(case),
        look_up_at=str(lawbook.get_value(SUBJECT, "look_up", case.law_date).value),
        clerk_name=str(case.received_by),
    )


def hand_over_content(page: queries.CasePage, *, clerk_name: str = "") -> HandOverContent:
    """Return what the slip for handing over says; before that, who and when are left to be written.

    `clerk_name` is who hands over; once it is done, it is the one whom the trail names.
    """
    case = page.case
    form = get_form("hand_over", on=case.law_date)
    owner = party_of(page, "OWNER")
    done_by = [str(entry.actor) for entry in page.trail if entry.event == "case.returned"]
    return HandOverContent(
        form=form,
        letterhead=letterhead_of(case, issued_at=case.returned_at),
        case_code=case.code,
        procedure_name=case.revision.name,
        qr_text=qr_text_of(case, owner, form),
        words=words_at(
            "hand_over",
            form=form,
            law_date=case.law_date,
            at=case.returned_at or case.finished_at or case.received_at,
        ),
        owner=owner,
        result=case.revision.result,
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        returned_at=case.returned_at,
        returned_to=case.returned_to,
        clerk_name=done_by[-1] if done_by else clerk_name,
    )


def party_of(page: queries.CasePage, role: str) -> PartyLine:
    """Return a party of a case as printed; raise CannotPrintSlip when it has none at all."""
    found = next((party for party in page.parties if party.role == role), None)
    if found is None:
        found = next(iter(page.parties), None)
    if found is None:
        raise CannotPrintSlip(
            _(
                "Hồ sơ %(code)s chưa có người nộp nên chưa in được giấy. Hãy báo quản trị hệ thống "
                "bổ sung thông tin người nộp."
            )
            % {"code": page.case.code}
        )
    return _party_line(found)


def _party_line(party: Party) -> PartyLine:
    return PartyLine(
        full_name=party.full_name,
        is_organisation=party.kind == "ORGANISATION",
        identity_number=party.identity_number,
        phone=party.phone,
        email=party.email,
        address=party.address,
    )


def _other_owner(applicant: PartyLine, owner: PartyLine) -> PartyLine | None:
    """Return the owner unless it is the applicant, who may have left other ways to be reached."""
    same = replace(owner, phone=applicant.phone, email=applicant.email)
    return None if same == applicant else owner


def _representative(page: queries.CasePage) -> PartyLine | None:
    found = next((party for party in page.parties if party.role == "REPRESENTATIVE"), None)
    return _party_line(found) if found else None


def _postal_return(case: Case) -> PostalReturn | None:
    """Return where the result goes by post, or None when it waits at the counter."""
    item = post_queries.find_return_of(case.pk)
    if item is None:
        return None
    return PostalReturn(
        carrier=str(lawbook.get_value(SUBJECT, "postal_carrier", case.law_date).value),
        receiver=", ".join(filter(None, [item.party_name, item.party_phone])),
        address=item.party_address,
    )


def qr_text_of(case: Case, owner: PartyLine, form: SlipForm) -> str:
    """Return what the QR code of a paper of this case holds."""
    return qr_text(
        case_code=case.code,
        procedure_code=case.revision.procedure.code,
        holder_number=owner.identity_number,
        paper_title=form.title,
        on=case.law_date,
    )


def _limit(case: Case) -> str:
    """Return the time limit of the way in which the case was filed, or nothing when it has none."""
    revision = procedures.full_revisions().get(pk=case.revision_id)
    channel = next((way for way in revision.channels.all() if way.kind == case.channel), None)
    if channel is None:
        return ""
    return Limit(amount=Decimal(channel.limit_amount), unit=Unit(channel.limit_unit)).text_vi()


def letterhead_of(case: Case, *, issued_at: datetime | None) -> Letterhead:
    """Return the head of the unit that received a case."""
    return _letterhead_of(case.receiving_agency, day=case.law_date, issued_at=issued_at)


def _letterhead_of(agency: Agency, *, day: date, issued_at: datetime | None) -> Letterhead:
    """Return the head: a centre under its agency, or an agency with its own counter."""
    if agency.kind == "CENTRE":
        superior, unit = (agency.parent.name if agency.parent else ""), agency.name
    else:
        counter = str(lawbook.get_value(SUBJECT, "counter_name", day).value)
        superior, unit = agency.name, counter
    above = agency
    while above.level == "PROVINCE" and above.parent is not None:
        above = above.parent
    return Letterhead(
        superior=superior,
        unit=unit,
        place=place_name(above.name),
        issued_at=issued_at,
    )


_COMMITTEE = re.compile(
    r"^Ủy ban nhân dân (?P<kind>tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu) "
    r"(?P<name>.+)$",
    re.IGNORECASE,
)


def place_name(committee: str) -> str:
    """Return the place that a committee dates its papers from, or nothing when the name says none.

    A name that is a number keeps its kind: Quận 1, Phường 15 (NĐ 30/2020/NĐ-CP, Phụ lục I).
    """
    found = _COMMITTEE.match(vietnamese.tidy(committee))
    if found is None:
        return ""
    kind, name = found["kind"].capitalize(), found["name"]
    return f"{kind} {name}" if name.isdigit() else name


def _counter(case: Case, letterhead: Letterhead) -> str:
    is_centre = case.receiving_agency.kind == "CENTRE"
    return letterhead.unit if is_centre else f"{letterhead.unit}, {letterhead.superior}"

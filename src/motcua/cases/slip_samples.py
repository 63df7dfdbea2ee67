"""Slips for looking at while their words are written: of a made-up case, and of a real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from motcua.cases import letter_slips, letters, slips
from motcua.cases.letters import LetterContent, Signer, Stop, WayContent
from motcua.cases.models import RegisterBook, ShiftHandOver
from motcua.cases.register_queries import LineShown
from motcua.cases.slip_content import (
    HandOverContent,
    Letterhead,
    PaperLine,
    PartyLine,
    PostalLine,
    PostalReturn,
    PostalSlipContent,
    ReceiptContent,
    RegisterContent,
    ShiftSlipContent,
)
from motcua.cases.slip_values import moment_text
from motcua.cases.slip_words import SlipForm, SlipWords

if TYPE_CHECKING:
    from motcua.cases.queries import CasePage

CASE_CODE = "000.00.01.H19-000000-0000"
PROCEDURE = "Cấp giấy phép khai thác nước dưới đất (hồ sơ mẫu)"
UNIT, AGENCY = "Trung tâm Hành chính công tỉnh", "Sở Tài nguyên và Môi trường"
CLERK = "Trần Thị Mẫu"
APPLICANT = PartyLine(
    full_name="Nguyễn Văn Mẫu",
    identity_number="075000000000",
    phone="0900000000",
    email="nguoi.nop@example.vn",
    address="Số 1 đường Mẫu, phường Mẫu",
)
OWNER = PartyLine(
    full_name="Công ty TNHH Mẫu",
    is_organisation=True,
    identity_number="3600000000",
    address="Số 2 đường Mẫu, phường Mẫu",
)
PAPERS = (
    PaperLine(name="Đơn đề nghị cấp giấy phép", originals=1, copies=0),
    PaperLine(name="Sơ đồ khu vực và vị trí công trình", originals=0, copies=2),
)
# A real case has these; a slip for the postman, of a shift, or a register belongs to many.
OF_A_CASE = frozenset({"receipt", "hand_over", *letters.BY_ADDRESS.values()})


def make_sample(
    kind: str, *, words: SlipWords, form: SlipForm, paper: str = "", now: datetime
) -> bytes:
    """Return a slip of a made-up case in the words given, as PDF; raise CannotPrintSlip."""
    head: dict[str, Any] = {
        "form": form,
        "letterhead": Letterhead(
            superior="Văn phòng Ủy ban nhân dân tỉnh", unit=UNIT, place="", issued_at=now
        ),
        "words": words,
    }
    if kind in _OF_MANY:
        return _OF_MANY[kind](head, now)
    of_case = {
        **head,
        "case_code": CASE_CODE,
        "procedure_name": PROCEDURE,
        "qr_text": CASE_CODE,
    }
    if kind == "receipt":
        return slips.make_receipt(_receipt(of_case, now), paper=paper, now=now)
    if kind == "hand_over":
        return slips.make_hand_over_slip(_hand_over(of_case, now), paper=paper, now=now)
    if kind in letters.WAYS.values():
        return letter_slips.make_way_slip(_way(of_case, now), kind, paper=paper, now=now)
    return letter_slips.make_letter(_letter(of_case, now), paper=paper, now=now)


def make_of_case(
    kind: str,
    page: CasePage,
    *,
    words: SlipWords,
    officer_name: str,
    paper: str = "",
    now: datetime,
) -> bytes:
    """Return a slip of a real case in the words given; raise CannotPrintSlip.

    What its act would fill in is left to be written where the act has not happened.
    """
    if kind == "receipt":
        receipt = replace(slips.receipt_content(page), words=words)
        return slips.make_receipt(receipt, paper=paper, now=now)
    if kind == "hand_over":
        hand_over = replace(slips.hand_over_content(page, clerk_name=officer_name), words=words)
        return slips.make_hand_over_slip(hand_over, paper=paper, now=now)
    if kind in letters.WAYS.values():
        way = replace(letters.way_content(page, kind), words=words)
        return letter_slips.make_way_slip(way, kind, paper=paper, now=now)
    letter = letters.letter_content(page, kind, as_if=letters.Happened(at=now, by="", reason=""))
    return letter_slips.make_letter(replace(letter, words=words), paper=paper, now=now)


def _receipt(head: Mapping[str, Any], now: datetime) -> ReceiptContent:
    return ReceiptContent(
        **head,
        applicant=APPLICANT,
        owner=OWNER,
        representative=PartyLine(full_name="Lê Thị Mẫu", identity_number="075000000001"),
        settling_agency=AGENCY,
        papers=PAPERS,
        dossiers=1,
        limit="5 ngày làm việc",
        received_at=now,
        due_at=now + timedelta(days=7),
        collected_at=UNIT,
        postal_return=PostalReturn(
            carrier="Bưu chính công ích", receiver=OWNER.full_name, address=OWNER.address
        ),
        look_up_at="Cổng Dịch vụ công",
        clerk_name=CLERK,
    )


def _hand_over(head: Mapping[str, Any], now: datetime) -> HandOverContent:
    return HandOverContent(
        **head,
        owner=OWNER,
        result="Giấy phép khai thác nước dưới đất",
        result_number="12/GP-UBND",
        received_at=now - timedelta(days=7),
        due_at=now,
        finished_at=now - timedelta(days=1),
        returned_at=now,
        returned_to=APPLICANT.full_name,
        clerk_name=CLERK,
    )


def _way(head: Mapping[str, Any], now: datetime) -> WayContent:
    stop = Stop(agency=AGENCY, received_from=CLERK, step="Thẩm định hồ sơ", received_at=now)
    return WayContent(
        **head,
        owner=OWNER.full_name,
        settling_agency=AGENCY,
        other_agencies="Sở Xây dựng",
        received_at=now,
        due_at=now + timedelta(days=7),
        finished_at=None,
        papers=PAPERS,
        stops=(stop,),
    )


def _letter(head: Mapping[str, Any], now: datetime) -> LetterContent:
    words: SlipWords = head["words"]
    earlier, later = moment_text(now - timedelta(days=2)), moment_text(now + timedelta(days=7))
    values: dict[str, str | None] = {
        "ma_ho_so": CASE_CODE,
        "thu_tuc": PROCEDURE,
        "nguoi_nop": APPLICANT.full_name,
        "chu_ho_so": OWNER.full_name,
        "dia_chi": APPLICANT.address,
        "dien_thoai": APPLICANT.phone,
        "email": APPLICANT.email,
        "don_vi": UNIT,
        "co_quan": AGENCY,
        "noi_nhan": "Sở Xây dựng",
        "ngay_nhan": earlier,
        "hen_cu": moment_text(now),
        "hen_moi": later,
        "luc_ghi": moment_text(now),
        "ly_do": "1. Lý do thứ nhất do cán bộ ghi\n2. Lý do thứ hai do cán bộ ghi",
        "buoc": "Thẩm định hồ sơ",
        "tien": "Lệ phí 150.000 đồng",
        "can_bo": CLERK,
        "noi_tra_cuu": "Cổng Dịch vụ công",
    }
    signers = (role.partition("|") for role in words.signers)
    return LetterContent(
        **head,
        values=values,
        signers=tuple(
            Signer(role=role, name=CLERK if whose == "officer" else "")
            for role, _bar, whose in signers
        ),
    )


def _postal(head: Mapping[str, Any], now: datetime) -> bytes:
    line = PostalLine(
        tracking_number="RA000000000VN",
        case_code=CASE_CODE,
        name=OWNER.full_name,
        address=OWNER.address,
    )
    content = PostalSlipContent(
        **head,
        number="00/0000",
        carrier="Phạm Văn Mẫu",
        clerk_name=CLERK,
        made_at=now,
        items=(line,),
    )
    return slips.make_postal_slip(content, now=now)


def _shift(head: Mapping[str, Any], now: datetime) -> bytes:
    hand_over = ShiftHandOver(
        pk=0,
        day=now.date(),
        starts_at=now - timedelta(hours=4),
        given_at=now,
        received=12,
        returned=5,
        called=15,
        absent=1,
        due_vnd=300_000,
        cash_vnd=300_000,
        note="Điều người nhận ca cần biết",
    )
    content = ShiftSlipContent(
        **head, hand_over=hand_over, clerk_name=CLERK, next_clerk_name="Lê Văn Mẫu", cases=()
    )
    return slips.make_shift_slip(content, now=now)


def _register(head: Mapping[str, Any], now: datetime) -> bytes:
    line = LineShown(
        number=1,
        case_id=0,
        code=CASE_CODE,
        procedure=PROCEDURE,
        sets=1,
        owner=OWNER.full_name,
        address=OWNER.address,
        phone=APPLICANT.phone,
        settling=AGENCY,
        settling_id=0,
        is_person=True,
        received_at=now,
        due_at=now + timedelta(days=7),
        returned_at=None,
        by_post=False,
        receiver="",
        note="",
    )
    content = RegisterContent(**head, book=RegisterBook(year=now.year), code="H19")
    return slips.make_register(content, [line], now=now)


_OF_MANY: dict[str, Callable[[Mapping[str, Any], datetime], bytes]] = {
    "postal": _postal,
    "shift": _shift,
    "register": _register,
}

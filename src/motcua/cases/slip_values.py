"""What the fields in the words of a slip are filled with, slip by slip; None where a case has no such thing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from motcua.engine import slip_texts
from motcua.engine.moments import VIETNAM
from motcua.engine.wording import weekday_vi

if TYPE_CHECKING:
    from motcua.cases.letters import WayContent
    from motcua.cases.slip_content import (
        HandOverContent,
        PartyLine,
        PostalSlipContent,
        ReceiptContent,
        RegisterContent,
        ShiftSlipContent,
    )
    from motcua.cases.slip_words import SlipWords

Values = dict[str, str | None]


def said(words: SlipWords, values: Values) -> dict[str, Any]:
    """Return the parts of a slip as its template sets them: paragraphs of pieces, by part."""
    return {
        part: [[_piece(one) for one in paragraph] for paragraph in slip_texts.filled(text, values)]
        for part, text in words.parts.items()
    }


def _piece(part: slip_texts.Part) -> dict[str, Any]:
    """Return a piece of a paragraph; the spaces at its ends go apart, since texts are tidied."""
    return {
        "text": part.text,
        "is_value": part.is_value,
        "field": part.field,
        "begins_apart": part.text.startswith(" "),
        "ends_apart": part.text.strip() != "" and part.text.endswith(" "),
    }


def of_receipt(content: ReceiptContent) -> Values:
    """Return what the receipt says."""
    applicant, owner, stands_for = content.applicant, content.owner, content.representative
    post = content.postal_return
    return {
        "ma_ho_so": content.case_code,
        "thu_tuc": content.procedure_name,
        "don_vi": content.letterhead.unit,
        "co_quan": content.settling_agency,
        "nguoi_nop": applicant.full_name,
        **_numbers(applicant),
        "dia_chi": applicant.address,
        "dien_thoai": applicant.phone,
        "email": applicant.email,
        "nguoi_dai_dien": stands_for.full_name if stands_for else None,
        "duoc_dai_dien": (owner or applicant).full_name if stands_for else None,
        "so_nguoi_dai_dien": stands_for.identity_number or None if stands_for else None,
        "chu_ho_so": owner.full_name if owner else None,
        "dia_chi_chu_ho_so": owner.address if owner else None,
        **_numbers_of_owner(owner),
        "so_bo": f"{content.dossiers:02}" if content.dossiers is not None else "",
        "thoi_han": content.limit,
        "ngay_nhan": moment_text(content.received_at),
        "hen_tra": moment_text(content.due_at, with_weekday=True),
        "noi_nhan_ket_qua": post.address if post else content.collected_at,
        "buu_chinh": post.carrier if post else None,
        "nguoi_nhan_buu_gui": post.receiver if post else None,
        "noi_tra_cuu": content.look_up_at,
        "can_bo": content.clerk_name,
    }


def of_hand_over(content: HandOverContent) -> Values:
    """Return what the slip for handing over a result says."""
    return {
        "ma_ho_so": content.case_code,
        "thu_tuc": content.procedure_name,
        "don_vi": content.letterhead.unit,
        "chu_ho_so": content.owner.full_name,
        **_numbers(content.owner),
        "dia_chi": content.owner.address,
        "ngay_nhan": moment_text(content.received_at),
        "hen_tra": moment_text(content.due_at),
        "ngay_co_ket_qua": moment_text(content.finished_at),
        "ket_qua": content.result,
        "so_ket_qua": content.result_number,
        "luc_tra": moment_text(content.returned_at),
        "nguoi_nhan": content.returned_to,
        "can_bo": content.clerk_name,
    }


def of_way(content: WayContent) -> Values:
    """Return what the control slip and the hand-over slip between agencies say."""
    return {
        "ma_ho_so": content.case_code,
        "thu_tuc": content.procedure_name,
        "chu_ho_so": content.owner,
        "don_vi": content.letterhead.unit,
        "co_quan": content.settling_agency,
        "co_quan_phoi_hop": content.other_agencies,
        "ngay_nhan": moment_text(content.received_at),
        "hen_tra": moment_text(content.due_at),
    }


def of_postal_slip(content: PostalSlipContent) -> Values:
    """Return what the slip for the postman says."""
    return {
        "don_vi": content.letterhead.unit,
        "nhan_vien_buu_chinh": content.carrier,
        "so_buu_gui": str(len(content.items)),
        "luc_ghi": moment_text(content.made_at),
        "can_bo": content.clerk_name,
    }


def of_shift(content: ShiftSlipContent) -> Values:
    """Return what the slip with which a shift is handed over says."""
    made = content.hand_over
    answer = "Hai bên cùng kiểm đếm tại quầy trước khi ký."
    if made.declined_at:
        answer = f"KHÔNG NHẬN CA lúc {moment_text(made.declined_at)}: {made.decline_reason}"
    elif made.accepted_at:
        answer = f"Đã nhận ca trên hệ thống lúc {moment_text(made.accepted_at)}."
    return {
        "don_vi": content.letterhead.unit,
        "nguoi_giao_ca": content.clerk_name,
        "nguoi_nhan_ca": content.next_clerk_name,
        "bat_dau_ca": moment_text(made.starts_at),
        "luc_ghi": moment_text(made.given_at),
        "so_tiep_nhan": str(made.received),
        "so_da_tra": str(made.returned),
        "so_da_goi": f"{made.called}, trong đó không có mặt {made.absent}",
        "phi_phai_thu": _money(made.due_vnd),
        "tien_mat": _money(made.cash_vnd),
        "ghi_chu": made.note or None,
        "tra_loi": answer,
    }


def of_register(content: RegisterContent) -> Values:
    """Return what a register says of itself."""
    book = content.book
    closing = "Sổ đang mở."
    if book.closed_at:
        closing = f"Sổ khóa lúc {moment_text(book.closed_at)}, gồm {book.last_number} dòng."
    return {"don_vi": content.letterhead.unit, "nam": str(book.year), "tinh_trang_so": closing}


def moment_text(moment: datetime | None, *, with_weekday: bool = False) -> str:
    """Return a moment as papers write it, or nothing for none."""
    if moment is None:
        return ""
    local = moment.astimezone(VIETNAM)
    day = f"{weekday_vi(local)} {day_text(local)}" if with_weekday else day_text(local)
    return f"{local.hour:02} giờ {local.minute:02} phút, {day}"


def day_text(day: datetime) -> str:
    """Return a day as papers write it: days to 9 and the months 1 and 2 with a zero.

    NĐ 30/2020/NĐ-CP, Phụ lục I, phần I, mục II.4.
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _numbers(party: PartyLine) -> Values:
    """Return the number of a person or of an organisation; the other of the two there is not."""
    number, is_organisation = party.identity_number, party.is_organisation
    return {
        "so_giay_to": None if is_organisation else number,
        "ma_so_doanh_nghiep": number if is_organisation else None,
    }


def _numbers_of_owner(owner: PartyLine | None) -> Values:
    """Return the same of an owner who is not the applicant; no line is kept for a number left out."""
    found = _numbers(owner) if owner else {"so_giay_to": None, "ma_so_doanh_nghiep": None}
    return {f"{name}_chu_ho_so": number or None for name, number in found.items()}


def _money(vnd: int) -> str:
    return f"{vnd:,} đồng".replace(",", ".")

"""The forms and words of slips as the law's folder has them: number, size, parts, and fields to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from motcua.lawbook import queries as lawbook

SUBJECT = "forms/slips"
TEXTS = "forms/slip_texts"

PARTS: Mapping[str, Any] = {
    "under_title": gettext_lazy("dòng dưới tên giấy"),
    "opening": gettext_lazy("phần đầu"),
    "body": gettext_lazy("nội dung"),
    "closing": gettext_lazy("phần cuối"),
    "notes": gettext_lazy("ghi chú"),
}

# What the words of slips may name, and what it is filled with.
FIELDS: Mapping[str, Any] = {
    "ma_ho_so": gettext_lazy("mã hồ sơ"),
    "thu_tuc": gettext_lazy("tên thủ tục hành chính"),
    "nguoi_nop": gettext_lazy("họ tên người nộp hồ sơ"),
    "so_giay_to": gettext_lazy("số CCCD, CMND, hộ chiếu của cá nhân"),
    "ma_so_doanh_nghiep": gettext_lazy("mã số doanh nghiệp của tổ chức"),
    "dia_chi": gettext_lazy("địa chỉ"),
    "dien_thoai": gettext_lazy("số điện thoại người nộp"),
    "email": gettext_lazy("thư điện tử người nộp"),
    "nguoi_dai_dien": gettext_lazy("họ tên người đại diện"),
    "duoc_dai_dien": gettext_lazy("người được đại diện"),
    "so_nguoi_dai_dien": gettext_lazy("số giấy tờ của người đại diện"),
    "chu_ho_so": gettext_lazy("họ tên chủ hồ sơ"),
    "so_giay_to_chu_ho_so": gettext_lazy("số CCCD, CMND, hộ chiếu của chủ hồ sơ"),
    "ma_so_doanh_nghiep_chu_ho_so": gettext_lazy("mã số doanh nghiệp của chủ hồ sơ"),
    "dia_chi_chu_ho_so": gettext_lazy("địa chỉ chủ hồ sơ"),
    "don_vi": gettext_lazy("nơi tiếp nhận và trả kết quả"),
    "co_quan": gettext_lazy("cơ quan giải quyết"),
    "co_quan_phoi_hop": gettext_lazy("cơ quan phối hợp giải quyết"),
    "noi_nhan": gettext_lazy("cơ quan được lấy ý kiến"),
    "so_bo": gettext_lazy("số bộ hồ sơ"),
    "thoi_han": gettext_lazy("thời gian giải quyết theo quy định"),
    "ngay_nhan": gettext_lazy("thời điểm tiếp nhận"),
    "hen_tra": gettext_lazy("thời điểm hẹn trả kết quả"),
    "hen_cu": gettext_lazy("thời điểm hẹn trả trước đó"),
    "hen_moi": gettext_lazy("thời điểm hẹn mới, hoặc thời hạn trả lời ý kiến"),
    "luc_ghi": gettext_lazy("thời điểm ghi việc này"),
    "ly_do": gettext_lazy("lý do hoặc nội dung do cán bộ ghi"),
    "buoc": gettext_lazy("bước mà hồ sơ đang ở"),
    "tien": gettext_lazy("nghĩa vụ tài chính đã báo"),
    "can_bo": gettext_lazy("cán bộ đã ghi việc này"),
    "noi_nhan_ket_qua": gettext_lazy("nơi đăng ký nhận kết quả"),
    "buu_chinh": gettext_lazy("đơn vị bưu chính đưa kết quả đi"),
    "nguoi_nhan_buu_gui": gettext_lazy("người nhận kết quả qua bưu chính"),
    "noi_tra_cuu": gettext_lazy("nơi tra cứu hồ sơ"),
    "ngay_co_ket_qua": gettext_lazy("thời điểm có kết quả"),
    "ket_qua": gettext_lazy("kết quả giải quyết"),
    "so_ket_qua": gettext_lazy("số, ký hiệu của kết quả"),
    "luc_tra": gettext_lazy("thời điểm trả kết quả"),
    "nguoi_nhan": gettext_lazy("người nhận kết quả"),
    "nhan_vien_buu_chinh": gettext_lazy("nhân viên bưu chính"),
    "so_buu_gui": gettext_lazy("số bưu gửi"),
    "nguoi_giao_ca": gettext_lazy("người giao ca"),
    "nguoi_nhan_ca": gettext_lazy("người nhận ca"),
    "bat_dau_ca": gettext_lazy("thời điểm ca bắt đầu"),
    "so_tiep_nhan": gettext_lazy("số hồ sơ đã tiếp nhận trong ca"),
    "so_da_tra": gettext_lazy("số kết quả đã trả trong ca"),
    "so_da_goi": gettext_lazy("số thứ tự đã gọi trong ca"),
    "phi_phai_thu": gettext_lazy("phí, lệ phí theo danh mục"),
    "tien_mat": gettext_lazy("tiền mặt bàn giao"),
    "ghi_chu": gettext_lazy("điều người nhận ca cần biết"),
    "tra_loi": gettext_lazy("trả lời của người nhận ca"),
    "nam": gettext_lazy("năm của sổ"),
    "tinh_trang_so": gettext_lazy("sổ đang mở hay đã khóa"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipWords:
    """The words of a slip by part, the fields that they may and must name, and who signs."""

    parts: Mapping[str, str]
    fields: tuple[str, ...]
    must_name: tuple[str, ...]
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipForm:
    """The form of a slip as the law has it on a day."""

    number: str
    title: str
    issued_with: str
    paper: str


def get_form(slip: str, *, on: date) -> SlipForm:
    """Return the form of a slip (`receipt`, `hand_over`) on a day; raise NotInForce."""
    value = lawbook.get_value(SUBJECT, slip, on).value
    assert isinstance(value, dict), "law/forms/slips.yaml gives a form as number, title, paper"
    return SlipForm(**value)


def list_kinds() -> tuple[str, ...]:
    """Return the slips that have words, in the order in which the law's folder lists them."""
    return tuple(lawbook.get_subject(TEXTS).rules)


def law_words(kind: str, *, on: date) -> SlipWords:
    """Return the words that the law's folder has for a slip on a day; raise NotInForce."""
    value = lawbook.get_value(TEXTS, kind, on).value
    assert isinstance(value, dict), "law/forms/slip_texts.yaml gives parts and fields"
    return SlipWords(
        parts={part: text.strip() for part, text in value["parts"].items()},
        fields=tuple(value["fields"]),
        must_name=tuple(value["must_name"]),
        signers=tuple(value.get("signers", ())),
    )

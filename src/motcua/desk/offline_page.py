"""What the page needs to go on without a connection, and how what it sends is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.cases import reception_queries as reception
from motcua.cases.actions import PartyEntry, Submission
from motcua.people import queries as people
from motcua.procedures import queries as procedures


def procedures_of(post: people.HeldPost, *, now: datetime) -> list[dict[str, Any]]:
    """Return the procedures received at a counter, with variants and papers."""
    today = people.day_of(now)
    found = reception.list_at_counter(text="", field_code="", post=post, on=today)
    sheets = (procedures.get_sheet_of(pk) for pk in found.here.values_list("pk", flat=True))
    return [
        {
            "code": sheet.procedure_code,
            "name": sheet.name,
            "variants": [
                {
                    "code": variant.code,
                    "name": variant.name,
                    "papers": [
                        {
                            "id": one.id,
                            "name": one.name,
                            "originals": one.originals,
                            "copies": one.copies,
                            "is_required": one.is_required,
                        }
                        for one in variant.components
                    ],
                }
                for variant in sheet.variants
            ],
        }
        for sheet in sheets
        if sheet.variants and any(channel.kind == "COUNTER" for channel in sheet.channels)
    ]


def submission_of(sent: dict[str, Any]) -> Submission:
    """Return what the page sent as receiving takes it; raise KeyError, TypeError or ValueError."""
    applicant = sent["applicant"]
    names = ("kind", "full_name", "identity_number", "phone", "address")
    return Submission(
        submission_key=UUID(sent["key"]),
        procedure_code=_text(sent["procedure"]),
        channel="COUNTER",
        variant_code=_text(sent["variant"]),
        applicant=PartyEntry(**{name: _text(applicant[name]) for name in names}),
        papers={
            int(pk): (int(originals), int(copies))
            for pk, (originals, copies) in sent["papers"].items()
        },
        note=_("Tiếp nhận ngoại tuyến, giấy số %(label)s") % {"label": _text(sent["label"])},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\0", "")


def words() -> dict[str, str]:
    """Return what the script says, in the language of the reader."""
    return {
        "online": _("Có kết nối"),
        "offline": _("Mất kết nối: giấy vẫn được lưu trên máy này"),
        "waiting": _("chờ gửi"),
        "sent": _("đã có mã hồ sơ"),
        "refused": _("cần sửa"),
        "no_numbers": _("Đã dùng hết số cấp trước. Hãy chờ có mạng rồi tải lại trang."),
        "name_missing": _("Chưa nhập họ tên người nộp."),
        "papers_missing": _("Chưa đánh dấu đủ giấy tờ bắt buộc."),
        "left": _("Còn %(count)s số") % {"count": "{count}"},
        "copies": _("%(originals)s bản chính, %(copies)s bản sao")
        % {"originals": "{originals}", "copies": "{copies}"},
        "drop": _("Bỏ khỏi danh sách"),
        "mend": _("Sửa và gửi lại"),
        "print": _("In giấy tạm"),
    }

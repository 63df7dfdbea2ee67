"""The page that refuses: what was asked for is not there, or cannot be made, and the reason why."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.cases import (
    clock_queries,
    mirror_queries,
    post_queries,
    queries,
    result_queries,
    shift_queries,
    slip_text_queries,
)
from motcua.desk.case_clock import NoSuchAct


class Missing(NamedTuple):
    """What is not there, and where to go on: the name of an address, and its words."""

    title: str | Promise
    address: str
    label: str | Promise


_CASE = Missing(_("Không có hồ sơ này"), "desk:cases", _("Tìm trong danh sách hồ sơ"))
_MISSING: dict[type[Exception], Missing] = {
    queries.NoSuchTask: Missing(_("Không có bước này"), "desk:my-work", _("Xem việc của tôi")),
    slip_text_queries.NoSuchSlip: Missing(
        _("Không có mẫu giấy này"), "desk:slip-texts", _("Xem các mẫu giấy")
    ),
    NoSuchAct: Missing(_("Không có việc này"), "desk:cases", _("Tìm trong danh sách hồ sơ")),
    clock_queries.NoSuchConsultation: Missing(
        _("Không có lần lấy ý kiến này"), "desk:consultations", _("Xem các ý kiến được hỏi")
    ),
    mirror_queries.NoSuchMirroredCase: Missing(
        _("Không có hồ sơ chuyển đến này"), "desk:mirrored", _("Xem hồ sơ từ hệ thống khác")
    ),
    result_queries.NoSuchResult: Missing(
        _("Không có kết quả này"), "desk:results", _("Tìm kết quả")
    ),
    post_queries.NoSuchPost: Missing(
        _("Không có bưu gửi hay phiếu này"), "desk:post", _("Xem các bưu gửi")
    ),
    shift_queries.NoSuchShift: Missing(
        _("Không có lần giao ca này"), "desk:shift", _("Xem ca làm việc")
    ),
}


def refuse(request: HttpRequest, reason: Exception | str, *, status: int = 404) -> HttpResponse:
    """Answer with a reason instead of what was asked for, which with 404 does not exist."""
    missing = _CASE
    if isinstance(reason, Exception):
        missing = _MISSING.get(type(reason), _CASE)
    context = {"reason": str(reason), "is_unknown": status == 404, "missing": missing}
    return render(request, "desk/case/refused.html", context, status=status)

"""What the page of who looked at a case says of a line: who it was, what was opened, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.slip_words import SUBJECT, list_kinds
from motcua.desk.law_words import either
from motcua.desk.post_page import reveal_reasons
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people

# What is noted of a reading → what was opened. The slips, of which the law has the names, are not in it.
OPENED = {
    "case.opened": gettext_lazy("Trang hồ sơ"),
    "case.clock_read": gettext_lazy("Việc về thời hạn, lý do đã ghi"),
    "case.due_time_read": gettext_lazy("Cách tính hạn trả"),
    "case.ending_read": gettext_lazy("Việc rút lại kết thúc, lý do đã ghi"),
    "case.late_risk_read": gettext_lazy("Nguy cơ trễ"),
    "case.flow_chart_read": gettext_lazy("Lưu đồ của hồ sơ"),
    "case.history_read": gettext_lazy("Các bước đã làm, để ghi kịch bản thử"),
    "case.consultation_read": gettext_lazy("Ý kiến được hỏi và lời trả lời"),
    "case.document_added": gettext_lazy("Trang hồ sơ, khi thêm tài liệu"),
    "case.document_read": gettext_lazy("Một tài liệu"),
    "case.results_read": gettext_lazy("Trang kết quả"),
    "case.result_act": gettext_lazy("Trang kết quả, khi làm một việc"),
    "case.result_read": gettext_lazy("Tệp kết quả"),
    "case.returned": gettext_lazy("Trang trả kết quả"),
    "case.receipt_printed": gettext_lazy("In giấy tiếp nhận"),
    "case.label_printed": gettext_lazy("In nhãn hồ sơ"),
    "case.slip_previewed": gettext_lazy("Xem thử mẫu giấy với hồ sơ này"),
    "post.revealed": gettext_lazy("Điện thoại, địa chỉ trên bưu gửi (bấm “Hiện”)"),
    "post.slip_printed": gettext_lazy("In phiếu giao nhận bưu chính có hồ sơ này"),
    "shift.slip_printed": gettext_lazy("In biên bản bàn giao ca có hồ sơ này"),
    "submission.opened": gettext_lazy("Hồ sơ trực tuyến đã nộp"),
    "mirrored.opened": gettext_lazy("Hồ sơ này ở hệ thống khác"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadRow:
    """Who opened what of a case, in which posts, whether they were let, and why they said they did."""

    at: datetime
    who: str
    posts: tuple[tuple[str, str], ...]
    what: str
    was_allowed: bool
    reason: str


def tell_reads(reads: Sequence[Any]) -> list[ReadRow]:
    """Return noted readings as rows, with the posts that each reader held on the day. One query."""
    held: dict[int, list[Any]] = {}
    for post in people.list_posts_of(read.actor_id for read in reads):
        held.setdefault(post.person_id, []).append(post)
    return [
        ReadRow(
            at=read.happened_at,
            who=read.actor.full_name,
            posts=_posts_at(held.get(read.actor_id, ()), read.happened_at),
            what=_opened(read.what),
            was_allowed=read.was_allowed,
            reason=_reason(read.note, read.happened_at),
        )
        for read in reads
    ]


def _posts_at(posts: Iterable[Any], at: datetime) -> tuple[tuple[str, str], ...]:
    """Return role and agency of the posts that were held at a moment."""
    day = people.day_of(at)
    return tuple(
        (people.name_role(post.role), people.name_agency(post.agency))
        for post in posts
        if post.starts_on <= day and (post.ends_on is None or day < post.ends_on)
    )


def _opened(what: str) -> str:
    kind = what.removeprefix("case.").removesuffix("_slip_printed")
    if kind in list_kinds():
        rule = lawbook.get_rule(SUBJECT, kind)
        return _("In giấy “%(slip)s”") % {"slip": either(rule.title_vi, rule.title_en)}
    return str(OPENED.get(what, what))


def _reason(note: str, at: datetime) -> str:
    """Return the reason that was given, in words: the chosen one, and what was typed."""
    if not note:
        return ""
    told = json.loads(note)
    chosen = told.get("reason", "")
    names = dict(reveal_reasons(people.day_of(at)))
    return ": ".join(words for words in (names.get(chosen, chosen), told.get("words", "")) if words)

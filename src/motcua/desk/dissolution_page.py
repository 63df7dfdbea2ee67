"""The parts of an agency's work as a dissolution shows them: what becomes of each, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.cases import dissolution_queries as queries
from motcua.look.formats import write_date, write_moment

# part → how its list is headed, and what becomes of it.
_PARTS: dict[str, tuple[Any, Any]] = {
    "cases": (
        gettext_lazy("Hồ sơ đang giải quyết"),
        gettext_lazy("giữ mã, hạn trả và lịch sử; bước sau mở ở cơ quan kế thừa"),
    ),
    "steps": (
        gettext_lazy("Bước đang mở"),
        gettext_lazy("chuyển sang cơ quan kế thừa, cùng vai trò, hạn không đổi"),
    ),
    "returns": (
        gettext_lazy("Hồ sơ đã xong, chờ trả kết quả"),
        gettext_lazy("cơ quan kế thừa trả cho người dân"),
    ),
    "online": (
        gettext_lazy("Hồ sơ trực tuyến chờ trả lời"),
        gettext_lazy("cơ quan kế thừa trả lời, hạn trả lời không đổi"),
    ),
    "post": (
        gettext_lazy("Bưu gửi chưa xong"),
        gettext_lazy("chuyển sang cơ quan kế thừa"),
    ),
    "opinions": (
        gettext_lazy("Ý kiến được hỏi, chưa trả lời"),
        gettext_lazy("cơ quan kế thừa trả lời"),
    ),
    "queue": (
        gettext_lazy("Số thứ tự đang chờ hôm nay"),
        gettext_lazy("không chuyển, hết giá trị khi hết ngày"),
    ),
    "registers": (
        gettext_lazy("Sổ theo dõi hồ sơ chưa khóa"),
        gettext_lazy("giữ nguyên, cơ quan kế thừa khóa khi hết năm"),
    ),
    "posts": (
        gettext_lazy("Vị trí công tác"),
        gettext_lazy("kết thúc với ngày cuối; vị trí bắt đầu sau đó chuyển sang cơ quan kế thừa"),
    ),
    "procedures": (
        gettext_lazy("Thủ tục do cơ quan giải quyết"),
        gettext_lazy("sau ngày cuối không tiếp nhận được cho đến khi danh mục ghi cơ quan kế thừa"),
    ),
    "workflows": (
        gettext_lazy("Quy trình của cơ quan hoặc nêu tên cơ quan"),
        gettext_lazy("bước nêu tên cơ quan mở ở cơ quan kế thừa; nên công bố phiên bản mới"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PartShown:
    """One part of the work: its name, how much there is, what becomes of it, and its list."""

    label: str
    count: int
    fate: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkShown:
    """The work of an agency: the parts that are there, and the names of those that are not."""

    there: tuple[PartShown, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a part's list."""

    title: str
    about: str
    when: str = ""
    url: str = ""


def show_parts(agency: Any, *, last_day: date, now: datetime) -> WorkShown:
    """Return the parts of an agency's work, each with its count and a link to its list."""
    counts = queries.count_work(agency, last_day=last_day, now=now)
    return WorkShown(
        there=tuple(
            PartShown(
                label=str(label),
                count=counts[part],
                fate=str(fate),
                url=reverse("desk:dissolve-part", args=[agency.code, part]),
            )
            for part, (label, fate) in _PARTS.items()
            if counts[part]
        ),
        lacking=tuple(str(label) for part, (label, _fate) in _PARTS.items() if not counts[part]),
    )


def name_part(part: str) -> str:
    """Return how the list of a part is headed; raise KeyError for no part."""
    return str(_PARTS[part][0])


def name_agency(agency: Any) -> str:
    """Return the name of an agency in the language of the reader."""
    return str((get_language() == "en" and agency.name_en) or agency.name)


def show_rows(part: str, found: Iterable[Any], *, opens_cases: bool) -> list[Row]:
    """Return the rows of a part's list; cases lead to their pages for who may open them."""

    def case_url(code: str) -> str:
        return reverse("desk:case", args=[code]) if opens_cases and code else ""

    rows = list(found)
    if part == "steps":
        codes = queries.name_cases(row.run_id for row in rows)
        return [_step(row, codes.get(row.run_id, ""), case_url) for row in rows]
    if part in {"cases", "returns"}:
        return [_case(row, case_url) for row in rows]
    return [_OTHERS[part](row, case_url) for row in rows]


def show_handed(found: Iterable[Any], *, opens_cases: bool) -> list[Row]:
    """Return the cases that went to the successor, as rows."""
    return [
        Row(
            title=one.case.code,
            about=one.case.revision.name,
            when=_("%(count)d bước, %(at)s")
            % {"count": len(one.steps), "at": write_moment(one.moved_at)},
            url=reverse("desk:case", args=[one.case.code]) if opens_cases else "",
        )
        for one in found
    ]


def _case(case: Any, case_url: Callable[[str], str]) -> Row:
    due = _("hạn trả %(at)s") % {"at": write_moment(case.due_at)}
    return Row(title=case.code, about=case.revision.name, when=due, url=case_url(case.code))


def _step(task: Any, code: str, case_url: Callable[[str], str]) -> Row:
    holder = task.assignee.full_name if task.assignee else _("chưa ai nhận")
    role = task.get_role_display() if task.role else task.get_kind_display()
    return Row(
        title=task.name,
        about=f"{code}, {role}, {holder}",
        when=_("mở %(at)s") % {"at": write_moment(task.opened_at)},
        url=case_url(code),
    )


def _online(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(
        title=row.revision.name,
        about=_("nộp %(at)s") % {"at": write_moment(row.submitted_at)},
        when=_("trả lời trước %(at)s") % {"at": write_moment(row.answer_due_at)},
        url=reverse("desk:submission", args=[row.key]) if _case_url("x") else "",
    )


def _post(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(
        title=row.tracking_number or _("chưa có số hiệu"),
        about=str(row.get_direction_display()),
        when=write_moment(row.registered_at),
    )


def _opinion(row: Any, case_url: Callable[[str], str]) -> Row:
    due = _("trả lời trước %(at)s") % {"at": write_moment(row.due_at)}
    return Row(title=row.case.code, about="", when=due, url=case_url(row.case.code))


def _ticket(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(title=str(row.number), about="", when=write_moment(row.taken_at))


def _register(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(
        title=_("Sổ năm %(year)s") % {"year": row.year},
        about=_("%(count)d dòng") % {"count": row.last_number},
    )


def _held(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(
        title=row.person.full_name,
        about=str(row.get_role_display()),
        when=_("từ ngày %(day)s") % {"day": write_date(row.starts_on)},
    )


def _procedure(row: Any, _case_url: Callable[[str], str]) -> Row:
    code = row.procedure.code
    return Row(title=row.name, about=code, url=reverse("procedures:procedure", args=[code]))


def _workflow(row: Any, _case_url: Callable[[str], str]) -> Row:
    return Row(title=row.name, about=row.key, url=reverse("desk:workflow", args=[row.key]))


_OTHERS: dict[str, Callable[[Any, Callable[[str], str]], Row]] = {
    "online": _online,
    "post": _post,
    "opinions": _opinion,
    "queue": _ticket,
    "registers": _register,
    "posts": _held,
    "procedures": _procedure,
    "workflows": _workflow,
}

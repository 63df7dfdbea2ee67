"""Compares a procedure in a file with the stored one: what is new, what ends, what is refused."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.procedures.catalogue import Problem, ProcedureEntry, RevisionEntry
from motcua.procedures.catalogue_stored import StoredProcedure

_WORDS: Final = {
    "name": gettext_noop("tên"),
    "name_en": gettext_noop("tên tiếng Anh"),
    "last_day": gettext_noop("ngày cuối áp dụng"),
    "agency": gettext_noop("cơ quan giải quyết"),
    "agency_kind": gettext_noop("cơ quan giải quyết"),
    "decision_number": gettext_noop("số quyết định"),
    "decision_date": gettext_noop("ngày quyết định"),
    "decision_status": gettext_noop("tình trạng quyết định"),
    "legal_basis": gettext_noop("căn cứ pháp lý"),
    "online": gettext_noop("mức độ trực tuyến"),
    "is_interagency_same_level": gettext_noop("liên thông cùng cấp"),
    "is_interagency_across_levels": gettext_noop("liên thông các cấp"),
    "is_place_independent": gettext_noop("không phụ thuộc địa giới"),
    "is_on_the_spot": gettext_noop("giải quyết tại chỗ"),
    "workflow": gettext_noop("quy trình"),
    "channels": gettext_noop("cách thức nộp, thời hạn, phí"),
    "variants": gettext_noop("trường hợp, thành phần hồ sơ, trình tự"),
    "result": gettext_noop("kết quả"),
    "recorded_result": gettext_noop("kết quả phải ghi"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureChange:
    """What a file changes about one procedure."""

    entry: ProcedureEntry
    stored: StoredProcedure | None
    added: tuple[RevisionEntry, ...]
    # Revisions that had no end and get one: the one thing about a revision that may change.
    ended: tuple[RevisionEntry, ...] = ()
    has_new_code_status: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether the procedure is already stored exactly so."""
        return not (self.added or self.ended or self.has_new_code_status)

    @property
    def facts(self) -> dict[str, Any]:
        """What the audit trail keeps of the change."""
        found: dict[str, Any] = {
            "revisions_added": [str(entry.starts_on) for entry in self.added],
            "revisions_ended": {str(entry.starts_on): str(entry.last_day) for entry in self.ended},
        }
        if self.stored and self.has_new_code_status:
            found["code_status"] = [self.stored.entry.code_status, self.entry.code_status]
        return found


def compare(entry: ProcedureEntry, stored: StoredProcedure | None) -> ProcedureChange:
    """Say what a file changes about a procedure, and what it may not change."""
    if stored is None:
        return ProcedureChange(entry=entry, stored=None, added=entry.revisions)
    problems = _fixed_refusals(entry, stored.entry)
    known = {revision.starts_on: revision for revision in stored.entry.revisions}
    added = tuple(r for r in entry.revisions if r.starts_on not in known)
    ended = []
    for revision in entry.revisions:
        earlier = known.get(revision.starts_on)
        if earlier is None or earlier == revision:
            continue
        if earlier.last_day is None and replace(revision, last_day=None) == earlier:
            ended.append(revision)
        else:
            problems.append(_content_refusal(revision, earlier))
    stated = {revision.starts_on for revision in entry.revisions}
    unstated = [revision for start, revision in known.items() if start not in stated]
    problems.extend(_overlap_refusals(added, unstated))
    return ProcedureChange(
        entry=entry,
        stored=stored,
        added=added,
        ended=tuple(ended),
        has_new_code_status=entry.code_status != stored.entry.code_status,
        problems=tuple(problems),
    )


def _fixed_refusals(entry: ProcedureEntry, stored: ProcedureEntry) -> list[Problem]:
    """The field and the level have no dates: changing them would change what past reports count."""
    problems = []
    if entry.level != stored.level:
        message = _(
            "Thủ tục “%s” đã có trong danh mục ở cấp thực hiện khác. Cấp thực hiện gắn với các hồ sơ "
            "đã nhận nên không đổi được; hãy dùng mã thủ tục mới."
        ) % (entry.code)
        problems.append(Problem(place=entry.place, message=message))
    if entry.field_code != stored.field_code:
        message = _(
            "Thủ tục “%(code)s” đã có trong danh mục ở lĩnh vực “%(field)s”. Lĩnh vực gắn với các hồ sơ "
            "đã nhận và báo cáo đã lập nên không đổi được; hãy giữ lĩnh vực cũ hoặc dùng mã thủ tục mới."
        ) % {"code": entry.code, "field": stored.field_code}
        problems.append(Problem(place=entry.field_place, message=message))
    return problems


def _content_refusal(revision: RevisionEntry, earlier: RevisionEntry) -> Problem:
    """A revision is history: case files are settled under it, so it is never edited."""
    names = [
        _(_WORDS[item.name])
        for item in fields(revision)
        if item.compare and getattr(revision, item.name) != getattr(earlier, item.name)
    ]
    message = _(
        "Bản áp dụng từ %(start)s đã có trong danh mục với nội dung khác (khác ở: %(names)s). Hồ sơ "
        "có thể đã nhận theo bản này nên không sửa được. Hãy giữ bản này như cũ, ghi ngày cuối cho "
        "nó, rồi thêm một bản mới với ngày đầu áp dụng mới."
    ) % {"start": _day(revision.starts_on), "names": ", ".join(dict.fromkeys(names))}
    return Problem(place=revision.place, message=message)


def _overlap_refusals(
    added: tuple[RevisionEntry, ...], unstated: list[RevisionEntry]
) -> list[Problem]:
    return [
        Problem(place=revision.place, message=_overlap_message(revision, earlier))
        for revision in added
        for earlier in unstated
        if revision.overlaps(earlier)
    ]


def _overlap_message(revision: RevisionEntry, earlier: RevisionEntry) -> str:
    values = {
        "start": _day(revision.starts_on),
        "earlier": _day(earlier.starts_on),
        "last": _day(revision.starts_on - timedelta(days=1)),
    }
    if earlier.last_day is None and earlier.starts_on < revision.starts_on:
        return (
            _(
                "Bản áp dụng từ %(start)s trùng thời gian với bản áp dụng từ %(earlier)s, chưa có ngày "
                "cuối, trong danh mục. Hãy ghi cả bản %(earlier)s vào tệp, với ngày cuối %(last)s."
            )
            % values
        )
    return (
        _(
            "Bản áp dụng từ %(start)s trùng thời gian với bản áp dụng từ %(earlier)s trong danh mục. "
            "Hãy chọn ngày đầu và ngày cuối không trùng với bản đó."
        )
        % values
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"

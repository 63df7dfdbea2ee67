"""Case codes: how the code of a case and of its results is composed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CodeRefused(ValueError):
    """A case code cannot be composed from these parts."""


class AgencyCodeForm(StrEnum):
    """Which of its two codes an agency puts before the date."""

    OLD = "old"
    NEW = "new"


DATE_FORMATS = {"YYMMDD": "%y%m%d", "YYYYMMDD": "%Y%m%d"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CodePattern:
    """The shape of case codes in a period, such as {agency_code}-{date}-{sequence}."""

    shape: str
    date_format: str
    sequence_width: int
    agency_code_form: AgencyCodeForm

    def __post_init__(self) -> None:
        """Raise CodeRefused when a code could not be told from another one."""
        missing = [
            part for part in ("{agency_code}", "{date}", "{sequence}") if part not in self.shape
        ]
        if missing:
            raise CodeRefused(f"Mẫu mã hồ sơ “{self.shape}” thiếu {', '.join(missing)}.")
        if self.date_format not in DATE_FORMATS:
            raise CodeRefused(
                f"Dạng ngày “{self.date_format}” không dùng được trong mã hồ sơ; "
                f"hãy chọn {' hoặc '.join(DATE_FORMATS)}."
            )
        if self.sequence_width < 1:
            raise CodeRefused("Số thứ tự trong mã hồ sơ phải có ít nhất một chữ số.")


def format_code(pattern: CodePattern, agency_code: str, day: date, sequence: int) -> str:
    """Return the code of the day's sequence-th case; a number too long just widens the code."""
    if not agency_code:
        raise CodeRefused("Cơ quan chưa có mã định danh nên chưa cấp được mã hồ sơ.")
    if sequence < 1:
        raise CodeRefused(f"Số thứ tự hồ sơ trong ngày phải từ 1, không thể là {sequence}.")
    return pattern.shape.format(
        agency_code=agency_code,
        date=day.strftime(DATE_FORMATS[pattern.date_format]),
        sequence=f"{sequence:0{pattern.sequence_width}}",
    )


def result_code(code: str, number: int) -> str:
    """Return the code of a case's n-th electronic result (NĐ 45/2020 Đ14.3)."""
    if number < 1:
        raise CodeRefused(f"Số thứ tự kết quả phải từ 1, không thể là {number}.")
    return f"{code}-KQ({number})"

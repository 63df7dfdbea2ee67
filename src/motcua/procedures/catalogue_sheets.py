"""The sheets and columns of the catalogue as a spreadsheet, one line a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from motcua.procedures.catalogue import (
    CHANNEL_KINDS,
    CODE_STATUSES,
    FLAGS,
    LEVELS,
    LIMIT_UNITS,
    ONLINE,
    RECORDED_RESULTS,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of the file format that it holds, its heading, its width, its words.

    One that came later is optional: files written before do not have it.
    """

    key: str
    heading: str
    width: int = 14
    words: Mapping[str, str] | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns in order."""

    name: str
    columns: tuple[Column, ...]


_CODE: Final = Column("procedure", "Mã thủ tục", 20)
_START: Final = Column("revision", "Áp dụng từ ngày", 16)

FIELDS: Final = Sheet(
    "Lĩnh vực",
    (
        Column("code", "Mã lĩnh vực"),
        Column("name", "Tên lĩnh vực", 50),
        Column("name_en", "Tên tiếng Anh", 50),
    ),
)
PROCEDURES: Final = Sheet(
    "Thủ tục",
    (
        _CODE,
        Column("code_status", "Tình trạng mã", 14, CODE_STATUSES),
        Column("field", "Mã lĩnh vực"),
        Column("level", "Cấp thực hiện", 14, LEVELS),
        Column("name", "Tên thủ tục", 60),
        Column("name_en", "Tên tiếng Anh", 40),
        _START,
        Column("ends_on", "Áp dụng đến hết ngày", 20),
        # A code, or the word for the agency at the place of filing.
        Column("agency", "Cơ quan giải quyết", 20),
        Column("decision.number", "Số quyết định", 18),
        Column("decision.date", "Ngày quyết định", 16),
        Column("decision.status", "Tình trạng quyết định", 14, CODE_STATUSES),
        Column("legal_basis", "Căn cứ pháp lý (mỗi dòng một văn bản)", 60),
        Column("online", "Mức độ trực tuyến", 18, ONLINE),
        Column("interagency_same_level", "Liên thông cùng cấp", 14, FLAGS),
        Column("interagency_across_levels", "Liên thông các cấp", 14, FLAGS),
        Column("place_independent", "Không phụ thuộc địa giới", 14, FLAGS),
        Column("on_the_spot", "Giải quyết tại chỗ", 14, FLAGS),
        Column("workflow", "Quy trình", 22),
        Column("result", "Kết quả", 50),
        Column("recorded_result", "Kết quả phải ghi", 18, RECORDED_RESULTS, is_optional=True),
    ),
)
CHANNELS: Final = Sheet(
    "Kênh",
    (
        _CODE,
        _START,
        Column("kind", "Cách thức nộp", 20, CHANNEL_KINDS),
        Column("limit.amount", "Thời hạn", 10),
        Column("limit.unit", "Đơn vị thời hạn", 16, LIMIT_UNITS),
        Column("fee.amount", "Phí, lệ phí (đồng)", 18),
        Column("fee.note", "Ghi chú về phí, lệ phí", 50),
    ),
)
COMPONENTS: Final = Sheet(
    "Thành phần",
    (
        _CODE,
        _START,
        Column("variant", "Mã trường hợp", 14),
        Column("variant_name", "Tên trường hợp", 40),
        Column("name", "Tên giấy tờ", 60),
        Column("form", "Mẫu đơn, tờ khai", 24),
        Column("originals", "Số bản chính", 12),
        Column("copies", "Số bản sao", 12),
        Column("required", "Bắt buộc", 10, FLAGS),
    ),
)
STEPS: Final = Sheet(
    "Bước",
    (_CODE, _START, Column("variant", "Mã trường hợp", 14), Column("step", "Nội dung bước", 100)),
)
SHEETS: Final = (FIELDS, PROCEDURES, CHANNELS, COMPONENTS, STEPS)

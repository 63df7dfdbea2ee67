"""Tells the two forms of a catalogue file apart and reads either; writes either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from motcua.procedures.catalogue import CannotReadCatalogue, ParsedCatalogue
from motcua.procedures.catalogue_reading import read_entries
from motcua.procedures.catalogue_xlsx_writing import write_xlsx
from motcua.procedures.catalogue_yaml import read_yaml, write_yaml

MOST_BYTES: Final = 20_000_000
WRITERS: Final[dict[str, Callable[[ParsedCatalogue], bytes]]] = {
    "yaml": write_yaml,
    "xlsx": write_xlsx,
}
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_catalogue(data: bytes) -> ParsedCatalogue:
    """Return what a YAML or XLSX file says, with every problem in it; its kind is seen in its bytes.

    Raise CannotReadCatalogue when it is neither, or too damaged to go on reading.
    """
    if not data.strip():
        raise CannotReadCatalogue(_("Tệp trống."))
    if len(data) > MOST_BYTES:
        raise CannotReadCatalogue(
            _("Tệp lớn hơn %d MB; hãy chia thành nhiều tệp.") % (MOST_BYTES // 1_000_000)
        )
    if data.startswith(_ZIP):
        from motcua.procedures.catalogue_xlsx import read_xlsx  # noqa: PLC0415 - slow to load

        root, problems = read_xlsx(data)
        found = read_entries(root)
        return replace(found, problems=(*problems, *found.problems))
    if data.startswith(_OLD_EXCEL):
        raise CannotReadCatalogue(
            _("Đây là bảng tính đời cũ (.xls). Hãy mở ra, lưu dưới dạng .xlsx rồi tải lên.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotReadCatalogue(
            _(
                "Tệp không phải YAML (UTF-8) cũng không phải XLSX: byte thứ %d không đọc được. Hãy tải "
                "tệp mẫu về, sửa rồi tải lên lại."
            )
            % (error.start + 1)
        )
    root = read_yaml(text)
    if not isinstance(root.value, dict):
        raise CannotReadCatalogue(
            _(
                "Tệp không phải danh mục thủ tục: ở đầu tệp YAML cần các mục format, fields, procedures; "
                "hoặc hãy dùng tệp XLSX."
            ),
            place=root.place,
        )
    return read_entries(root)

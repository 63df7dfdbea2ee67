"""What the log of exports says of a line: what was taken, and how it was narrowed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from motcua.cases import export_queries
from motcua.cases.export_queries import ExportRow
from motcua.look import formats


def what_words(row: ExportRow) -> str:
    """Return what was taken."""
    names = {
        "cases": _("Danh sách hồ sơ"),
        "lateness": _("Ai làm chậm?"),
        "register": _("Sổ theo dõi hồ sơ"),
        "facts": _("Dữ kiện của báo cáo (Parquet)"),
        "postal-slip": _("Phiếu giao nhận bưu chính"),
        "shift-slip": _("Biên bản bàn giao ca"),
    }
    return names.get(row.what, row.what)


def filter_words(row: ExportRow) -> str:
    """Return how the list was narrowed when it was taken; the words looked for were not kept."""
    noted, told = row.narrowed, []
    if status := noted.get("status"):
        told.append(export_queries.name_of_status(status))
    if unit := noted.get("unit"):
        told.append(
            _("%(unit)s và các đơn vị trực thuộc") % {"unit": unit}
            if noted.get("with_subordinate")
            else unit
        )
    if year := noted.get("year"):
        told.append(_("năm %(year)s") % {"year": year})
    if noted.get("first_day") and noted.get("last_day"):
        days = [date.fromisoformat(noted[name]) for name in ("first_day", "last_day")]
        told.append(" – ".join(formats.write_date(day) for day in days))
    if noted.get("is_searched"):
        told.append(_("có từ tìm"))
    return "; ".join(told) or _("không lọc")

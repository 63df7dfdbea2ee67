"""Takes single values out of the cells of a catalogue file: texts, codes, days, numbers, choices."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.engine import vietnamese
from motcua.procedures.catalogue import Cell, Problem

_NAMES: Final = {
    "agency": gettext_noop("cơ quan giải quyết"),
    "amount": gettext_noop("số lượng hoặc số tiền"),
    "channels": gettext_noop("cách thức nộp"),
    "code": gettext_noop("mã"),
    "code_status": gettext_noop("tình trạng của mã"),
    "components": gettext_noop("thành phần hồ sơ"),
    "copies": gettext_noop("số bản sao"),
    "date": gettext_noop("ngày quyết định"),
    "decision": gettext_noop("quyết định công bố"),
    "ends_on": gettext_noop("ngày cuối áp dụng"),
    "fee": gettext_noop("phí, lệ phí"),
    "field": gettext_noop("mã lĩnh vực"),
    "form": gettext_noop("mẫu đơn, tờ khai"),
    "format": gettext_noop("dạng tệp"),
    "interagency_across_levels": gettext_noop("liên thông các cấp"),
    "interagency_same_level": gettext_noop("liên thông cùng cấp"),
    "kind": gettext_noop("loại"),
    "legal_basis": gettext_noop("căn cứ pháp lý"),
    "level": gettext_noop("cấp thực hiện"),
    "limit": gettext_noop("thời hạn"),
    "name": gettext_noop("tên"),
    "name_en": gettext_noop("tên tiếng Anh"),
    "note": gettext_noop("ghi chú"),
    "number": gettext_noop("số quyết định"),
    "on_the_spot": gettext_noop("giải quyết tại chỗ"),
    "online": gettext_noop("mức độ trực tuyến"),
    "originals": gettext_noop("số bản chính"),
    "place_independent": gettext_noop("không phụ thuộc địa giới"),
    "procedures": gettext_noop("thủ tục"),
    "recorded_result": gettext_noop("kết quả phải ghi"),
    "required": gettext_noop("bắt buộc"),
    "result": gettext_noop("kết quả"),
    "revisions": gettext_noop("các bản của thủ tục"),
    "starts_on": gettext_noop("ngày đầu áp dụng"),
    "status": gettext_noop("tình trạng"),
    "steps": gettext_noop("trình tự thực hiện"),
    "unit": gettext_noop("đơn vị thời hạn"),
    "variants": gettext_noop("trường hợp"),
    "workflow": gettext_noop("quy trình"),
}
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d{1,2})?")
_GROUPED_NUMBER: Final = re.compile(r"-?\d{1,3}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+,\d{1,2})")
_AMBIGUOUS_NUMBER: Final = re.compile(r"-?\d+[.,]\d{3,}")
# Control characters and halves of surrogate pairs: the database refuses some, all are invisible.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FLAG_WORDS: Final = {
    **dict.fromkeys(("true", "yes", "co", "x", "1"), True),
    **dict.fromkeys(("false", "no", "khong", "0"), False),
}


def read_day(text: str) -> date | None:
    """Return the day that a text names (2023-01-31 or 31/01/2023), or None."""
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _LOCAL_DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_number(text: str) -> Decimal | None:
    """Return the number that a text names without doubt (1500, 1,5, 1.234.567,5), or None."""
    bare = "".join(text.split())
    if _PLAIN_NUMBER.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    if _GROUPED_NUMBER.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    return None


def _name(key: str) -> str:
    return _(_NAMES.get(key, key))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


class Section:
    """A mapping in a catalogue file; each value is taken by name, and what is wrong is noted.

    A value that is wrong comes back empty: a catalogue with problems is never imported.
    """

    def __init__(
        self, cell: Cell, *, keys: tuple[str, ...], problems: list[Problem], is_stated: bool = True
    ) -> None:
        self.place = cell.place
        self.problems = problems
        self._refused: set[str] = set()
        # Nothing is missing from a section that is missing itself: that was said once, above.
        self._is_whole = is_stated and isinstance(cell.value, dict)
        self._cells: Mapping[str, Cell] = cell.value if isinstance(cell.value, dict) else {}
        if is_stated and not self._is_whole:
            names = ", ".join(keys)
            self._note(self.place, _("Cần các mục: %s.") % names)
        for key, unknown in self._cells.items():
            if key not in keys:
                self._refuse_key(key, unknown.place, keys)

    def _refuse_key(self, key: str, place: str, keys: tuple[str, ...]) -> None:
        near = difflib.get_close_matches(key, keys, n=1)
        if near:
            hint = _("Có lẽ là “%s”.") % near[0]
        else:
            hint = _("Các mục được dùng: %s.") % ", ".join(keys)
        known = _("Không có mục nào tên “%s” ở đây.") % _shortened(key)
        self._note(place, f"{known} {hint}")

    def _note(self, place: str, message: str) -> None:
        self.problems.append(Problem(place=place, message=message))

    def place_of(self, key: str) -> str:
        """Return where a value stands, or would stand."""
        cell = self._cells.get(key)
        return cell.place if cell else f"{self.place} › {key}"

    def refuse(self, key: str, message: str) -> None:
        """Note that a value is wrong."""
        self._refused.add(key)
        self._note(self.place_of(key), message)

    def was_refused(self, *keys: str) -> bool:
        """Say whether one of these values was wrong."""
        return not self._refused.isdisjoint(keys)

    def is_stated(self, key: str) -> bool:
        """Say whether the file gives this value."""
        return key in self._cells and self._cells[key].value is not None

    def is_mapping(self, key: str) -> bool:
        """Say whether the value is itself a mapping."""
        return isinstance(self._cells.get(key, Cell(None, "")).value, dict)

    def _scalar(self, key: str, *, is_required: bool) -> str:
        cell = self._cells.get(key)
        if cell is not None and isinstance(cell.value, (tuple, dict)):
            self.refuse(key, _("Cần một giá trị cho %s, không phải một danh sách.") % _name(key))
            return ""
        value = vietnamese.tidy(cell.value) if cell and isinstance(cell.value, str) else ""
        if not value and is_required and self._is_whole:
            self.refuse(key, _("Chưa ghi %s; mục này bắt buộc.") % _name(key))
        return value

    def text(self, key: str, *, limit: int, is_required: bool = True) -> str:
        """Return a text, tidied."""
        value = self._scalar(key, is_required=is_required)
        return value if self._is_fit(key, value, limit=limit) else ""

    def _is_fit(self, key: str, value: str, *, limit: int) -> bool:
        if len(value) > limit:
            self.refuse(
                key,
                _("“%(value)s” dài %(length)d ký tự, nhiều nhất là %(limit)d.")
                % {"value": _shortened(value), "length": len(value), "limit": limit},
            )
            return False
        if _CONTROL.search(value):
            self.refuse(key, _("Có ký tự điều khiển không hiển thị được; hãy gõ lại ô này."))
            return False
        return True

    def texts(self, key: str, *, limit: int, most: int) -> tuple[str, ...]:
        """Return a list of texts."""
        found = []
        for item in self._items(key):
            single = Section(
                Cell({key: item}, item.place), keys=(key,), problems=self.problems, is_stated=True
            )
            found.append(single.text(key, limit=limit))
        if len(found) > most:
            self.refuse(
                key,
                _("Có %(count)d dòng, nhiều nhất là %(most)d.")
                % {"count": len(found), "most": most},
            )
        return tuple(text for text in found if text)

    def code(self, key: str, *, limit: int) -> str:
        """Return a code of letters without marks, digits, dots and dashes."""
        value = self.text(key, limit=limit)
        if value and not _CODE.fullmatch(value):
            self.refuse(
                key,
                _(
                    "“%s” không phải là mã: chỉ dùng chữ cái không dấu, chữ số, dấu chấm và dấu gạch, "
                    "bắt đầu bằng chữ hoặc số."
                )
                % _shortened(value),
            )
            return ""
        if value and self._cells[key].is_number:
            self.refuse(
                key,
                _(
                    "Ô đang ở dạng số (%s) nên số 0 ở đầu hoặc cuối mã có thể đã mất; hãy định dạng ô "
                    "là văn bản (Text) rồi gõ lại mã."
                )
                % value,
            )
        return value

    def choice(self, key: str, words: Mapping[str, str], *, default: str = "") -> str:
        """Return a value of an enumeration, given as such or by its Vietnamese word."""
        text = self._scalar(key, is_required=not default)
        if not text:
            return default
        wanted = vietnamese.fold(text)
        for value, word in words.items():
            if wanted in {vietnamese.fold(value), vietnamese.fold(word)}:
                return value
        known = ", ".join(f"{value} ({word})" for value, word in words.items())
        self.refuse(
            key,
            _("“%(value)s” không dùng được cho %(name)s; phải là một trong: %(known)s.")
            % {"value": _shortened(text), "name": _name(key), "known": known},
        )
        return ""

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        text = self._scalar(key, is_required=False)
        if not text:
            return default
        found = _FLAG_WORDS.get(vietnamese.fold(text))
        if found is None:
            self.refuse(
                key, _("“%s” không rõ là có hay không; hãy ghi Có/Không (true/false).") % text
            )
        return bool(found)

    def day(self, key: str, *, is_required: bool = True) -> date | None:
        """Return a day."""
        text = self._scalar(key, is_required=is_required)
        if not text:
            return None
        found = read_day(text)
        if found is None:
            self.refuse(
                key,
                _("“%s” không phải là ngày có thật; hãy ghi ngày/tháng/năm, ví dụ 01/03/2023.")
                % _shortened(text),
            )
        elif not 1945 <= found.year <= 2199:
            self.refuse(key, _("Năm %d không hợp lý; cần từ 1945 đến 2199.") % found.year)
            return None
        return found

    def number(
        self, key: str, *, decimals: int, most: Decimal, is_required: bool = True
    ) -> Decimal | None:
        """Return a number of at most so many decimals."""
        text = self._scalar(key, is_required=is_required)
        if not text:
            return None
        found = read_number(text)
        if found is None:
            self.refuse(key, _not_a_number(text))
        elif found != round(found, decimals) or abs(found) > most:
            self.refuse(
                key,
                _(
                    "Số %(value)s quá lớn hoặc quá lẻ: nhiều nhất %(most)s, %(decimals)d chữ số thập phân."
                )
                % {"value": text, "most": most, "decimals": decimals},
            )
            return None
        return found

    def count(self, key: str, *, most: int) -> int:
        """Return a whole number from 0 up; nothing stated is 0."""
        found = self.number(key, decimals=0, most=Decimal(most), is_required=False)
        if found is not None and found < 0:
            self.refuse(key, _("%(name)s không thể là số âm (%(value)s).") % {
                "name": _name(key).capitalize(), "value": found
            })  # fmt: skip
            return 0
        return int(found or 0)

    def inner(self, key: str, *, keys: tuple[str, ...], is_required: bool = False) -> Section:
        """Return a mapping inside this one; an empty one when it is not stated."""
        cell = self._cells.get(key)
        is_stated = cell is not None and cell.value is not None
        if not is_stated and is_required and self._is_whole:
            self.refuse(key, _("Chưa ghi %s; mục này bắt buộc.") % _name(key))
        return Section(
            cell if cell and is_stated else Cell({}, self.place_of(key)),
            keys=keys,
            problems=self.problems,
            is_stated=is_stated,
        )

    def sections(self, key: str, *, keys: tuple[str, ...]) -> Iterator[Section]:
        """Give the mappings of a list one by one, so that problems come in the order of the file."""
        for item in self._items(key):
            yield Section(item, keys=keys, problems=self.problems)

    def _items(self, key: str) -> tuple[Cell, ...]:
        cell = self._cells.get(key)
        if cell is None or cell.value is None:
            return ()
        if not isinstance(cell.value, tuple):
            self.refuse(key, _("Cần một danh sách %s.") % _name(key))
            return ()
        return cell.value


def _not_a_number(text: str) -> str:
    if _AMBIGUOUS_NUMBER.fullmatch("".join(text.split())):
        return _(
            "“%s” có thể hiểu theo hai cách (phần nghìn hay phần thập phân); hãy ghi số liền, ví dụ "
            "150000 hoặc 1,5."
        ) % _shortened(text)
    return _("“%s” không phải là số; hãy ghi số liền, ví dụ 150000 hoặc 1,5.") % _shortened(text)

"""The catalogue as YAML: reading it with the line of each value, and writing it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from motcua.procedures.catalogue import (
    FORMAT,
    CannotReadCatalogue,
    Cell,
    ParsedCatalogue,
    ProcedureEntry,
    RevisionEntry,
    VariantEntry,
)

_DEEPEST: Final = 20
_MOST_VALUES: Final = 1_000_000
_LONGEST_NAME: Final = 40
_NULLS: Final = {"", "~", "null", "Null", "NULL"}
# libyaml is twenty times faster; without it the same events come from Python.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEAD: Final = (
    "# Danh mục thủ tục hành chính. starts_on, ends_on: ngày đầu và ngày cuối áp dụng, tính cả hai\n"
    "# ngày; ends_on: null là còn áp dụng. Ngày viết theo dạng năm-tháng-ngày.\n"
)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes a value each time it comes, never a reference to where it stands first."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def read_yaml(text: str) -> Cell:
    """Return the cells of a YAML text; raise CannotReadCatalogue when it is broken or unsafe.

    Read from the events, never constructed: no tag can make an object, and an alias, by which a
    small text could grow without end, is refused.
    """
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CannotReadCatalogue(
            _(
                "YAML bị lỗi ở đây: %s. Hãy kiểm tra dấu hai chấm, dấu ngoặc kép và khoảng thụt đầu "
                "dòng của dòng này và dòng trước."
            )
            % (error.problem or error.context),
            place=_line(mark.line) if mark else "",
        )
    except yaml.YAMLError as error:
        raise CannotReadCatalogue(_("YAML bị lỗi: %s.") % error)


def _line(number: int) -> str:
    return _("dòng %d") % (number + 1)


class _Builder:
    """Builds cells from YAML events, then names the place of each."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._count = 0
        # Translated once: a large file has a hundred thousand places.
        self._line_words = _("dòng %d")

    def document(self) -> Cell:
        self._skip(yaml.StreamStartEvent)
        first = next(self._events)
        if isinstance(first, yaml.StreamEndEvent):
            raise CannotReadCatalogue(_("Tệp YAML trống."))
        root = self._value(next(self._events), path="", name="", depth=0)
        self._skip(yaml.DocumentEndEvent)
        last = next(self._events)
        if not isinstance(last, yaml.StreamEndEvent):
            raise CannotReadCatalogue(
                _("Tệp có nhiều hơn một tài liệu YAML (dấu ---); hãy gộp thành một."),
                place=_line(last.start_mark.line),
            )
        return root

    def _skip(self, kind: type[Any]) -> None:
        if not isinstance(next(self._events), kind):
            raise CannotReadCatalogue(_("YAML bị lỗi: %s.") % kind.__name__)

    def _value(self, event: Any, *, path: str, name: str, depth: int) -> Cell:
        """Build one value; `name` is what the place of an item is called by, its code if it has one."""
        self._refuse_unsafe(event, depth=depth)
        line = self._line_words % (event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            is_null = not event.style and event.value in _NULLS
            return Cell(None if is_null else event.value, _place(line, path))
        if isinstance(event, yaml.SequenceStartEvent):
            return Cell(self._items(path=path, depth=depth), _place(line, path))
        return self._mapping(line=line, path=path, name=name, depth=depth)

    def _refuse_unsafe(self, event: Any, *, depth: int) -> None:
        self._count += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            message = _("Không dùng neo và tham chiếu (& và *); hãy chép lại nội dung.")
        elif event.tag:
            message = _("Không dùng thẻ kiểu (%s); hãy bỏ thẻ, chỉ giữ giá trị.") % event.tag
        elif depth > _DEEPEST:
            message = _("Các mục lồng nhau quá sâu (hơn %d tầng).") % _DEEPEST
        elif self._count > _MOST_VALUES:
            message = _("Tệp có hơn %d giá trị; hãy chia thành nhiều tệp.") % _MOST_VALUES
        else:
            return
        raise CannotReadCatalogue(message, place=_line(event.start_mark.line))

    def _items(self, *, path: str, depth: int) -> tuple[Cell, ...]:
        items: list[Cell] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            inner = f"{path}[{len(items)}]"
            items.append(self._value(event, path=inner, name=inner, depth=depth + 1))
        return tuple(items)

    def _mapping(self, *, line: str, path: str, name: str, depth: int) -> Cell:
        found: dict[str, Cell] = {}
        joint = " › " if name else "."
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_unsafe(event, depth=depth)
            mark: Any = event.start_mark
            if not isinstance(event, yaml.ScalarEvent):
                raise CannotReadCatalogue(_("Tên mục phải là chữ."), place=_line(mark.line))
            key = event.value[:_LONGEST_NAME]
            if event.value in found:
                raise CannotReadCatalogue(
                    _("Mục “%s” được ghi hai lần.") % key, place=_line(mark.line)
                )
            inner = f"{path}{joint}{key}" if path else key
            value = self._value(next(self._events), path=inner, name="", depth=depth + 1)
            found[event.value] = value
            if name and event.value == "code" and isinstance(value.value, str):
                path = f"{name} {value.value[:_LONGEST_NAME]}"
        return Cell(found, _place(line, path))


def _place(line: str, path: str) -> str:
    return f"{line} · {path}" if path else line


def write_yaml(catalogue: ParsedCatalogue) -> bytes:
    """Return the catalogue as a YAML file."""
    plain = {
        "format": FORMAT,
        "fields": [
            {"code": entry.code, "name": entry.name, "name_en": entry.name_en}
            for entry in catalogue.fields
        ],
        "procedures": [_procedure(entry) for entry in catalogue.procedures],
    }
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return (_HEAD + text).encode()


def _procedure(entry: ProcedureEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "code_status": entry.code_status,
        "field": entry.field_code,
        "level": entry.level,
        "revisions": [_revision(revision) for revision in entry.revisions],
    }


def _revision(entry: RevisionEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "name_en": entry.name_en,
        "starts_on": entry.starts_on,
        "ends_on": entry.last_day,
        "agency": {"kind": entry.agency_kind} if entry.agency_kind else entry.agency,
        "decision": {
            "number": entry.decision_number,
            "date": entry.decision_date,
            "status": entry.decision_status,
        },
        "legal_basis": list(entry.legal_basis),
        "online": entry.online,
        "interagency_same_level": entry.is_interagency_same_level,
        "interagency_across_levels": entry.is_interagency_across_levels,
        "place_independent": entry.is_place_independent,
        "on_the_spot": entry.is_on_the_spot,
        "workflow": entry.workflow,
        "channels": [
            {
                "kind": channel.kind,
                "limit": {"amount": _number(channel.limit_amount), "unit": channel.limit_unit},
                "fee": {"amount": _number(channel.fee_vnd), "note": channel.fee_note},
            }
            for channel in entry.channels
        ],
        "variants": [_variant(variant) for variant in entry.variants],
        "result": entry.result,
        "recorded_result": entry.recorded_result,
    }


def _variant(entry: VariantEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "steps": list(entry.steps),
        "components": [
            {
                "name": component.name,
                "form": component.form,
                "originals": component.originals,
                "copies": component.copies,
                "required": component.is_required,
            }
            for component in entry.components
        ],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)

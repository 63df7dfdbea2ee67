"""Loader: reads the subjects and calendars of `law/` and refuses what is incomplete, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from motcua.engine.auditor.register import LegalDocument, RegisterError, read_register
from motcua.engine.explain import Because
from motcua.engine.lawvalues import DatedValue, LawRefused, LawWithoutSource, ValueInForce
from motcua.engine.office_hours import CalendarDay, DayKind
from motcua.lawbook.entries import Entry, read_entries


@dataclass(frozen=True, kw_only=True, slots=True)
class LawText:
    """A value as it stands in the file, and what it says in both languages."""

    entry: Entry
    text_vi: str
    text_en: str

    def because(self, value: ValueInForce[LawText]) -> Because:
        """Return the reason that this value gives, with its source."""
        return Because(
            vi=self.text_vi,
            en=self.text_en,
            source=value.source,
            is_verified=value.is_verified,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LawRule:
    """One rule of a subject, with all its values over time."""

    key: str
    title_vi: str
    title_en: str
    dated: DatedValue[LawText]


@dataclass(frozen=True, kw_only=True, slots=True)
class LawSubject:
    """One file of law: its rules and the worked examples that stand beside them."""

    name: str
    title_vi: str
    title_en: str
    rules: Mapping[str, LawRule]
    examples: tuple[Entry, ...]


_STATUSES = {"verified": True, "unverified": False}


def load_subject(law_dir: Path, name: str) -> LawSubject:
    """Read one subject such as `time/counting`; raise LawRefused with file and line."""
    root = read_entries(law_dir / f"{name}.yaml", f"law/{name}.yaml")
    root.mapping("title", "rules", "examples")
    title_vi, title_en = _both_languages(root.get("title"))
    examples = root.find("examples")
    return LawSubject(
        name=name,
        title_vi=title_vi,
        title_en=title_en,
        rules={key: _rule(name, key, entry) for key, entry in root.get("rules").mapping().items()},
        examples=tuple(examples.items()) if examples else (),
    )


def list_subjects(law_dir: Path) -> tuple[str, ...]:
    """Return the names of the files that hold rules; calendars and registers are no subjects."""
    found = []
    for path in law_dir.rglob("*.yaml"):
        name = path.relative_to(law_dir).with_suffix("").as_posix()
        if not name.startswith("calendar/") and read_entries(path, f"law/{name}.yaml").has("rules"):
            found.append(name)
    return tuple(sorted(found))


def _rule(subject: str, key: str, entry: Entry) -> LawRule:
    entry.mapping("title", "values")
    title_vi, title_en = _both_languages(entry.get("title"))
    values = [_value(item) for item in entry.get("values").items()]
    if not values:
        raise entry.refuse(f"“{key}” không có giá trị nào.")
    return LawRule(
        key=key,
        title_vi=title_vi,
        title_en=title_en,
        dated=DatedValue(f"{subject}: {title_vi}", values),
    )


def _value(entry: Entry) -> ValueInForce[LawText]:
    entry.mapping("first_day", "last_day", "value", "text", "source", "status")
    last_day, text = entry.find("last_day"), entry.find("text")
    text_vi, text_en = _both_languages(text) if text else ("", "")
    source, is_verified = read_source(entry)
    return ValueInForce(
        value=LawText(entry=entry.get("value"), text_vi=text_vi, text_en=text_en),
        first_day=entry.get("first_day").day(),
        last_day=last_day.day() if last_day else None,
        source=source,
        is_verified=is_verified,
        where=entry.where,
    )


def read_source(entry: Entry) -> tuple[str, bool]:
    """Return the source of an entry and whether it was verified; raise LawRefused without one."""
    source = entry.find("source")
    if source is None or not source.text().strip():
        raise LawWithoutSource(entry.where, "thiếu nguồn (source) của giá trị.")
    status = entry.get("status")
    if status.text() not in _STATUSES:
        raise status.refuse(f"status phải là {' hoặc '.join(_STATUSES)}.")
    return source.text(), _STATUSES[status.text()]


def _both_languages(entry: Entry) -> tuple[str, str]:
    entry.mapping("vi", "en")
    return entry.get("vi").text(), entry.get("en").text()


def load_documents(law_dir: Path) -> tuple[LegalDocument, ...]:
    """Read the register of legal documents; raise LawRefused with file and line."""
    root = read_entries(law_dir / "documents.yaml", "law/documents.yaml")
    found: list[LegalDocument] = []
    for entry in root.get("documents").items():
        try:
            found += read_register({"documents": [entry.plain()]}).documents
        except RegisterError as refused:
            raise entry.refuse(f"{refused}.") from None
    return tuple(found)


def load_calendar_days(law_dir: Path) -> tuple[tuple[int, ...], tuple[CalendarDay, ...]]:
    """Read the days off of all years; raise LawRefused when a year or the other half of a swap lacks."""
    found: dict[int, list[tuple[Entry, CalendarDay]]] = {}
    for path in sorted((law_dir / "calendar").glob("*.yaml")):
        root = read_entries(path, f"law/calendar/{path.name}")
        root.mapping("year", "days")
        year = root.get("year").integer()
        if str(year) != path.stem:
            raise root.get("year").refuse(f"năm {year} không khớp tên tệp {path.name}.")
        found[year] = [_calendar_day(entry, year) for entry in root.get("days").items()]
    years = tuple(sorted(found))
    if not years:
        raise LawRefused("law/calendar:1", "không có lịch của năm nào.")
    for earlier, later in zip(years, years[1:], strict=False):
        if later != earlier + 1:
            raise LawRefused(f"law/calendar/{later}.yaml:1", f"thiếu lịch năm {earlier + 1}.")
    rows = [row for year in years for row in found[year]]
    _check_days(rows, years)
    return years, tuple(day for _, day in rows)


def _calendar_day(entry: Entry, year: int) -> tuple[Entry, CalendarDay]:
    entry.mapping("day", "kind", "name", "in_lieu_of", "counts", "source", "status")
    day, kind = entry.get("day").day(), entry.get("kind")
    if day.year != year:
        raise entry.refuse(f"ngày {day:%d/%m/%Y} không thuộc năm {year}.")
    if kind.text() not in list(DayKind):
        raise kind.refuse(f"kind phải là {', '.join(DayKind)}.")
    in_lieu_of, counts = entry.find("in_lieu_of"), entry.find("counts")
    if in_lieu_of is None and kind.text() != DayKind.OFF:
        raise entry.refuse(f"ngày {day:%d/%m/%Y} thiếu mục in_lieu_of (thay cho ngày nào).")
    name_vi, name_en = _both_languages(entry.get("name"))
    source, is_verified = read_source(entry)
    return entry, CalendarDay(
        day=day,
        kind=DayKind(kind.text()),
        name_vi=name_vi,
        name_en=name_en,
        source=source,
        is_verified=is_verified,
        in_lieu_of=in_lieu_of.day() if in_lieu_of else None,
        counts=counts.boolean() if counts else True,
    )


def _check_days(rows: list[tuple[Entry, CalendarDay]], years: tuple[int, ...]) -> None:
    by_day: dict[object, CalendarDay] = {}
    for entry, day in rows:
        if day.day in by_day:
            raise entry.refuse(f"ngày {day.day:%d/%m/%Y} ghi hai lần.")
        if day.kind is DayKind.WORKED_SATURDAY and day.day.weekday() != 5:
            raise entry.refuse(f"ngày làm bù {day.day:%d/%m/%Y} không phải Thứ Bảy.")
        by_day[day.day] = day
    for entry, day in rows:
        if day.in_lieu_of is None or day.in_lieu_of.year not in years:
            continue
        other = by_day.get(day.in_lieu_of)
        if other is None:
            raise entry.refuse(
                f"{day.in_lieu_of:%d/%m/%Y}, ngày được thay bằng {day.day:%d/%m/%Y}, "
                "không có trong lịch."
            )
        is_swap = DayKind.WORKED_SATURDAY in (day.kind, other.kind)
        if is_swap and (other.in_lieu_of != day.day or other.kind is day.kind):
            raise entry.refuse(
                f"{day.day:%d/%m/%Y} và {other.day:%d/%m/%Y} không hoán đổi cho nhau."
            )

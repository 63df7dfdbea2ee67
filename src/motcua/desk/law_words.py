"""Law in words: what a value of law/ says, and what a worked example shows, for people to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from motcua.cases.slip_words import FIELDS
from motcua.desk.law_labels import REFUSALS, VALUES, label_of
from motcua.engine.clock_events import EVENT_NAMES, EventKind
from motcua.engine.lawvalues import ValueInForce
from motcua.engine.limits import LimitRefused, parse_limit
from motcua.engine.wording import clock_time, full_day, short_day
from motcua.lawbook import queries as lawbook
from motcua.look.formats import write_number

LEVEL_NAMES = {
    "PROVINCE": gettext_lazy("cấp tỉnh"),
    "DISTRICT": gettext_lazy("cấp huyện"),
    "COMMUNE": gettext_lazy("cấp xã"),
}
_BUCKETS = {
    "OUTSIDE": gettext_lazy("không tính là đã tiếp nhận"),
    "OPEN": gettext_lazy("đang giải quyết"),
    "PAUSED": gettext_lazy("tạm dừng"),
    "DONE": gettext_lazy("đã giải quyết"),
}
_QR_PARTS = {
    "case_code": gettext_lazy("mã hồ sơ"),
    "procedure_code": gettext_lazy("mã thủ tục"),
    "holder_number": gettext_lazy("số giấy tờ của chủ hồ sơ"),
    "paper_title": gettext_lazy("tên giấy"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that an example gives or shows."""

    label: str
    words: str


def is_english() -> bool:
    """Say whether the reader reads English."""
    return (get_language() or "vi").startswith("en")


def either(vi: str, en: str) -> str:
    """Return the one of two texts that the reader reads."""
    return en if is_english() else vi


def value_words(subject: str, value: ValueInForce[Any]) -> str:
    """Return what a value says: in the words beside it, or in words made from it."""
    text = either(value.value.text_vi, value.value.text_en)
    plain = value.value.entry.plain()
    worded = _WORDED.get(subject)
    told = (worded(plain) if worded else "") or text or any_words(plain)
    return told[:1].upper() + told[1:]


def _period_words(plain: Any) -> str:
    first, last = plain["first"], plain["last"]
    names = {
        "first": short_day(date(2000, first["month"], first["day"])),
        "last": short_day(date(2000, last["month"], last["day"])),
    }
    if first.get("previous_year"):
        return _("Từ %(first)s năm trước đến %(last)s") % names
    return _("Từ %(first)s đến %(last)s") % names


def _status_words(plain: Any) -> str:
    bucket = _BUCKETS.get(plain["bucket"], plain["bucket"])
    return _("Mã %(code)s; báo cáo tính là %(bucket)s") % {"code": plain["code"], "bucket": bucket}


def _code_words(plain: Any) -> str:
    forms = {"old": _("mã cơ quan dạng cũ"), "new": _("mã định danh mới")}
    return _("%(agency)s, ngày ghi %(date)s, số thứ tự ít nhất %(width)s chữ số: %(shape)s") % {
        "agency": forms.get(plain["agency_code_form"], plain["agency_code_form"]),
        "date": plain["date_format"],
        "width": plain["sequence_width"],
        "shape": plain["shape"],
    }


def _slip_words(plain: Any) -> str:
    if isinstance(plain, list):
        return ", ".join(str(_QR_PARTS.get(part, part)) for part in plain)
    if not isinstance(plain, Mapping):
        return str(plain)
    number = plain["number"] or _("không có số mẫu")
    issued = _("ban hành kèm %(text)s") % {"text": plain["issued_with"]}
    paper = _("khổ %(paper)s") % {"paper": plain["paper"]}
    return ", ".join([number, *([issued] if plain["issued_with"] else []), paper])


def _text_words(plain: Any) -> str:
    lines = (line for text in plain["parts"].values() for line in text.splitlines())
    return " / ".join(lines)


_WORDED: dict[str, Callable[[Any], str]] = {
    "reporting_periods": _period_words,
    "statuses": _status_words,
    "case_code": _code_words,
    "forms/slips": _slip_words,
    "forms/slip_texts": _text_words,
}


def any_words(plain: object) -> str:
    """Return any value of a law file as people write it."""
    if plain is None or plain == "":
        return "–"
    if isinstance(plain, bool):
        return _("có") if plain else _("không")
    if isinstance(plain, date):
        return full_day(plain)
    if isinstance(plain, int):
        return write_number(plain)
    if isinstance(plain, list):
        between = " / " if plain and isinstance(plain[0], Mapping) else ", "
        return between.join(any_words(item) for item in plain) or _("không có")
    if isinstance(plain, Mapping):
        if {"vi", "en"} == set(plain):
            return either(str(plain["vi"]), str(plain["en"]))
        told = (f"{label_of(key)}: {any_words(item)}" for key, item in plain.items())
        return "; ".join(told) or _("không có")
    if _MOMENT.fullmatch(str(plain)):
        moment = datetime.fromisoformat(str(plain))
        return f"{clock_time(moment)} {full_day(moment)}"
    return str(VALUES.get(str(plain), plain))


def example_facts(example: Mapping[str, Any], rule_titles: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return the parts of a worked example as people read them; the name is told apart."""
    return tuple(
        Fact(label=label_of(key), words=_fact_words(key, item, rule_titles))
        for key, item in example.items()
        if key != "name"
    )


def _fact_words(key: str, item: Any, rule_titles: Mapping[str, str]) -> str:
    if key in ("expected", "figures"):
        return "; ".join(
            f"{rule_titles.get(k) or label_of(k)}: {any_words(v)}" for k, v in item.items()
        )
    if key in ("slip", "indicator"):
        return rule_titles.get(item, item)
    worded = _FACTS.get(key, any_words)
    return worded(item)


def _template_words(text: str) -> str:
    """Return a line of a slip with its fields named as people name them."""
    return re.sub(r"\{(\w+)\}", lambda field: f"{{{FIELDS[field[1]]}}}", text)


def _filled_words(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{FIELDS[name]}: {any_words(value)}" for name, value in values.items())


def _cases_words(item: Any) -> str:
    count = item if isinstance(item, int) else sum(int(one.get("times") or 1) for one in item)
    return ngettext("%(count)s hồ sơ", "%(count)s hồ sơ", count) % {"count": count}


def _level_words(level: str) -> str:
    return str(LEVEL_NAMES.get(level, level))


def _office_hours_words(key: str) -> str:
    rule = lawbook.get_rule("office_hours", key)
    return either(rule.title_vi, rule.title_en)


def limit_words(text: str) -> str:
    """Return a limit in the reader's language, or as it stands when it cannot be read."""
    try:
        limit = parse_limit(text)
    except LimitRefused:
        return text
    return either(limit.text_vi(), limit.text_en())


def _event_words(event: Mapping[str, Any]) -> str:
    name = either(*EVENT_NAMES[EventKind(event["kind"])])
    told = f"{any_words(event['at'])} {name}"
    if event.get("extra"):
        return _("%(event)s thêm %(extra)s") % {"event": told, "extra": limit_words(event["extra"])}
    if event.get("until"):
        return _("%(event)s đến %(day)s") % {"event": told, "day": any_words(event["until"])}
    return told


_FACTS: dict[str, Callable[[Any], str]] = {
    "born": str,
    "cases": _cases_words,
    "events": lambda events: "; ".join(_event_words(event) for event in events),
    "filled_with": _filled_words,
    "found": lambda faults: ", ".join(label_of(fault) for fault in faults) or _("không có"),
    "level": _level_words,
    "levels": lambda levels: ", ".join(_level_words(level) for level in levels),
    "limit": limit_words,
    "office_hours": _office_hours_words,
    "template": _template_words,
    "refused": lambda fault: str(REFUSALS.get(fault, fault)),
}

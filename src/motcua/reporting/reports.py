"""Reports by name, as files: whatever is a page can be written by the command line as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from motcua.cases import actions as case_actions
from motcua.reporting import (
    cause_pages,
    form_text,
    form_workbook,
    late_causes,
    lateness,
    lateness_text,
    lateness_workbook,
    narrative,
    narrative_document,
    narrative_text,
    queries,
    table_text,
    workbook,
)
from motcua.reporting.definitions import (
    FormDefinition,
    counting_rules,
    get_form,
    list_forms,
    list_settings,
)
from motcua.reporting.facts import Database, Engine
from motcua.reporting.filled_forms import Question, fill_form
from motcua.reporting.unit_and_period import CannotReport

FORMATS: Final = ("text", "json", "xlsx")


class CannotWriteReport(CannotReport):
    """There is no report of this name, or it does not take what was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a report is asked for: unit, days, and how is counted; `engine` holds the facts.

    `account` is that of the server which asks: what lists case files is noted as taken by it.
    """

    account: str

    first_day: date
    last_day: date
    now: datetime
    unit_code: str = ""
    with_subordinate: bool = False
    rows_by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    casts_back: bool = False
    engine: Engine = field(default_factory=Database)


def list_report_names(on: date) -> tuple[str, ...]:
    """Return the names of all reports that can be written on a day."""
    return (*_OTHERS, *(form.key.replace("_", "-") for form in list_forms(on)))


def list_report_formats(name: str) -> tuple[str, ...]:
    """Return in which formats a report can be written; the narrative is also a document."""
    return (*FORMATS, "docx") if name == "narrative" else FORMATS


def write_report(name: str, kind: str, asked: Asked) -> bytes:
    """Return a report in one of its formats; raise CannotReport where it cannot be made."""
    # A wrong period is told before a unit is looked for on its last day.
    queries.get_period(first_day=asked.first_day, last_day=asked.last_day, now=asked.now)
    if write := _OTHERS.get(name):
        return write(kind, asked)
    return _write_form(get_form(name.replace("-", "_"), asked.last_day), kind, asked)


def _write_form(form: FormDefinition, kind: str, asked: Asked) -> bytes:
    settings = list_settings(asked.last_day)
    usual = {setting.key: setting.usual for setting in settings}
    for key, answer in asked.answers.items():
        _require_one_of(key, tuple(usual), what=_("quy ước"))
        options = next(setting.options for setting in settings if setting.key == key)
        _require_one_of(answer, tuple(options), what=key)
    chosen = {**usual, **asked.answers}
    if asked.rows_by:
        _require_one_of(asked.rows_by, form.rows, what=_("cách chia dòng"))
    filled = fill_form(form, _question(form, asked, chosen), engine=asked.engine)
    if kind == "xlsx":
        return form_workbook.build_workbook(filled, settings, chosen)
    if kind == "json":
        return form_text.as_json(filled, chosen).encode()
    return form_text.as_text(filled, settings, chosen).encode()


def _question(form: FormDefinition, asked: Asked, chosen: Mapping[str, str]) -> Question:
    period = queries.get_period(first_day=asked.first_day, last_day=asked.last_day, now=asked.now)
    if form.is_of_province:
        if asked.unit_code:
            raise CannotWriteReport(
                _("Biểu “%(form)s” là của cả tỉnh. Hãy bỏ --unit.") % {"form": form.title.vi}
            )
        unit = queries.get_province(on=asked.last_day)
    else:
        unit = queries.get_unit(asked.unit_code, on=asked.last_day)
    queries.require_existence(unit, period)
    return Question(
        unit=unit,
        include_subordinate=form.is_of_province or asked.with_subordinate,
        period=period,
        rules=counting_rules(chosen),
        rows_by=asked.rows_by or (form.rows[0] if form.rows else "level"),
        casts_back=asked.casts_back,
    )


def _write_table(kind: str, asked: Asked) -> bytes:
    _refuse_answers(asked)
    table = queries.get_one_stop_table(
        unit=queries.get_unit(asked.unit_code, on=asked.last_day),
        first_day=asked.first_day,
        last_day=asked.last_day,
        now=asked.now,
        include_subordinate=asked.with_subordinate,
        engine=asked.engine,
    )
    if kind == "xlsx":
        return workbook.build_workbook(table)
    return (table_text.as_json if kind == "json" else table_text.as_text)(table).encode()


def _write_lateness(kind: str, asked: Asked) -> bytes:
    found = _get_lateness(asked)
    if kind != "text":
        # The text tells sums; the others list every late case file.
        case_actions.note_export_at_server(
            account=asked.account,
            what="lateness",
            rows=len(found.cases),
            narrowed=lateness.narrowed(found),
            now=asked.now,
        )
    if kind == "xlsx":
        return lateness_workbook.build_workbook(found)
    return (lateness_text.as_json if kind == "json" else lateness_text.as_text)(found).encode()


def _write_causes(kind: str, asked: Asked) -> bytes:
    table = late_causes.table_causes(_get_lateness(asked))
    if kind == "xlsx":
        return cause_pages.build_workbook(table, language="vi")
    return (cause_pages.as_json if kind == "json" else cause_pages.as_text)(table).encode()


def _get_lateness(asked: Asked) -> lateness.Lateness:
    _refuse_answers(asked)
    if not isinstance(asked.engine, Database):
        raise CannotWriteReport(
            _(
                "Biểu này đọc sổ thời hạn của từng hồ sơ nên chỉ lập được từ PostgreSQL. Hãy bỏ --engine."
            )
        )
    return lateness.get_lateness(
        unit=queries.get_unit(asked.unit_code, on=asked.last_day),
        first_day=asked.first_day,
        last_day=asked.last_day,
        now=asked.now,
        include_subordinate=asked.with_subordinate,
    )


def _write_narrative(kind: str, asked: Asked) -> bytes:
    _refuse_answers(asked)
    if asked.unit_code:
        raise CannotWriteReport(
            _("Báo cáo thuyết minh là của Văn phòng và cả tỉnh. Hãy bỏ --unit.")
        )
    period = queries.get_period(first_day=asked.first_day, last_day=asked.last_day, now=asked.now)
    found = narrative.write_narrative(period, engine=asked.engine)
    if kind == "docx":
        return narrative_document.build_document(found)
    if kind == "xlsx":
        return narrative_text.build_workbook(found)
    return (narrative_text.as_json if kind == "json" else narrative_text.as_text)(found).encode()


def _refuse_answers(asked: Asked) -> None:
    """Refuse choices that only the forms of the law data take."""
    if asked.answers or asked.rows_by or asked.casts_back:
        raise CannotWriteReport(
            _("Biểu này không nhận --rows, --count và --cast-back. Hãy bỏ các lựa chọn ấy.")
        )


def _require_one_of(given: str, known: tuple[str, ...], *, what: str) -> None:
    if given not in known:
        raise CannotWriteReport(
            _("Không có %(what)s “%(given)s”. Hãy dùng: %(known)s.")
            % {"what": what, "given": given, "known": ", ".join(known) or "–"}
        )


_OTHERS: Final[Mapping[str, Callable[[str, Asked], bytes]]] = {
    "one-stop-table": _write_table,
    "lateness": _write_lateness,
    "ii-07a": _write_causes,
    "narrative": _write_narrative,
}

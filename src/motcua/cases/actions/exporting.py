"""Bulk exports of case files: how many at most, and who took what, noted whether given or refused."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import export_queries, queries
from motcua.engine.masking import MaskingRules, mask_name
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people


class CannotExport(Exception):
    """More case files were asked for than one export may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedCase:
    """A case file in an export; the name of a person is masked."""

    code: str
    procedure_code: str
    procedure_name: str
    agency: str
    owner: str
    status: str
    received_at: datetime
    due_at: datetime


def export_cases(
    *, officer: people.Person, text: str, status: str, now: datetime
) -> tuple[ExportedCase, ...]:
    """Return what the person's list of cases holds, with masked names, and note who took how many.

    Raises NotAllowed, or CannotExport when there are more than one export may hold.
    """
    people_actions.require(officer, "cases.see", now=now)
    found = queries.search_cases(officer=officer, text=text, status=status, now=now)
    note_export(
        officer=officer,
        what="cases",
        rows=found.count(),
        narrowed={"status": status, "is_searched": bool(text)},
        now=now,
    )
    return tuple(_exported(found, lawbook.get_masking_rules(people.day_of(now))))


def note_export(
    *,
    officer: people.Person,
    what: str,
    rows: int,
    narrowed: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Note that somebody takes so many case files at once; raise CannotExport when it is too many.

    The refusal is noted too. The words that were looked for are not kept: they may be a name.
    """
    most = export_queries.most_rows(people.day_of(now))
    _note(officer, what, {"rows": rows, "most": most, **(narrowed or {})}, rows <= most, now=now)
    if rows > most:
        raise CannotExport(
            _(
                "Có %(rows)s hồ sơ, nhiều hơn %(most)s hồ sơ được tải một lần. Hãy lọc bớt rồi tải lại. Lần này "
                "đã được ghi vào nhật ký tải dữ liệu."
            )
            % {"rows": rows, "most": most}
        )


def note_export_at_server(
    *,
    account: str,
    what: str,
    rows: int,
    narrowed: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Note that a command on the server writes so many case files; raise CannotExport for too many.

    A command has no officer: it is noted as the system's, with the account of the server that ran it.
    """
    most = export_queries.most_rows_at_server(people.day_of(now))
    noted = {"rows": rows, "most": most, "account": account, **(narrowed or {})}
    _note(people.get_system(), what, noted, rows <= most, now=now)
    if rows > most:
        raise CannotExport(
            _(
                "Có %(rows)s hồ sơ, nhiều hơn %(most)s hồ sơ được xuất một lần bằng dòng lệnh. Tỉnh đặt số này ở "
                "law/product/exports.yaml. Lần này đã được ghi vào nhật ký tải dữ liệu."
            )
            % {"rows": rows, "most": most}
        )


def note_paper(*, officer: people.Person, what: str, rows: int, now: datetime) -> None:
    """Note that somebody prints a paper of the counter which names so many case files.

    It is never refused: it holds what was handed over, and the hand-over is not done without it.
    """
    _note(officer, what, {"rows": rows}, True, now=now)


def _note(
    officer: people.Person, what: str, noted: dict[str, Any], was_allowed: bool, *, now: datetime
) -> None:
    audit.note_read(
        subject=export_queries.subject_of(what),
        actor_id=officer.id,
        at=now,
        what=f"{what}.exported",
        was_allowed=was_allowed,
        note=json.dumps(noted, ensure_ascii=False),
    )


def _exported(cases: Iterable[Any], rules: MaskingRules) -> Iterable[ExportedCase]:
    for case in cases:
        owner = case.owners[0] if case.owners else None
        name = owner.full_name if owner else ""
        yield ExportedCase(
            code=case.code,
            procedure_code=case.revision.procedure.code,
            procedure_name=case.revision.name,
            agency=case.settling_agency.name,
            owner=mask_name(name, rules) if owner and owner.kind == "PERSON" else name,
            status=str(case.get_status_display()),
            received_at=case.received_at,
            due_at=case.due_at,
        )

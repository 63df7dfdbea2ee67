"""Many files of one applicant: the applicant once, and a row for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _

from motcua.cases.actions import PartyEntry, Submission
from motcua.desk.forms import Line, party_entry, party_fields
from motcua.procedures import queries as procedures
from motcua.procedures.queries import Sheet

MOST_ROWS = 20


@dataclass(kw_only=True, slots=True)
class BatchRow:
    """One file of the batch: its procedure, what was chosen, and what became of it."""

    number: int
    key: UUID
    sheet: Sheet
    variant_code: str
    is_complete: bool
    problems: tuple[str, ...] = ()

    def submission(self, applicant: PartyEntry) -> Submission:
        """Return what is handed in: all papers of the variant, or none where they were not ticked."""
        variant = next((v for v in self.sheet.variants if v.code == self.variant_code), None)
        components = variant.components if variant and self.is_complete else ()
        return Submission(
            submission_key=self.key,
            procedure_code=self.sheet.procedure_code,
            channel="COUNTER",
            variant_code=self.variant_code,
            applicant=applicant,
            papers={one.id: (one.originals, one.copies) for one in components},
        )


class BatchForm(forms.Form):
    """The applicant of all files, and the code of a procedure to add."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields.update(party_fields("applicant"))
        self.fields["code"] = Line(
            label=_("Mã thủ tục cần thêm"),
            required=False,
            max_length=30,
            widget=forms.TextInput(attrs={"autocomplete": "off", "list": "procedures"}),
        )

    def applicant(self) -> PartyEntry:
        """Return who hands the files in; call it on a valid form."""
        return party_entry(self.cleaned_data, "applicant")


class UnknownCode(Exception):
    """The code typed is no procedure in force."""


def rows_of(data: Mapping[str, Any], *, on: date) -> list[BatchRow]:
    """Return the rows that were sent, numbered anew; rows that name no procedure are left out."""
    return [
        BatchRow(
            number=number,
            key=key,
            sheet=sheet,
            variant_code=data.get(f"{name}-variant") or sheet.variants[0].code,
            is_complete=f"{name}-complete" in data,
        )
        for number, (name, key, sheet) in enumerate(_sent(data, on=on), start=1)
    ]


def _sent(data: Mapping[str, Any], *, on: date) -> Iterator[tuple[str, UUID, Sheet]]:
    for number in range(1, MOST_ROWS + 1):
        name = f"row-{number}"
        try:
            key = UUID(str(data.get(f"{name}-key", "")))
            sheet = procedures.get_sheet(code=str(data.get(f"{name}-code", "")), on=on)
        except (ValueError, procedures.NoSuchProcedure):
            continue
        if sheet.variants and data.get("remove") != str(number):
            yield name, key, sheet


def new_row(code: str, rows: Iterable[BatchRow], *, on: date) -> BatchRow:
    """Return a row for one more file; raise UnknownCode."""
    number = len(list(rows)) + 1
    if number > MOST_ROWS:
        raise UnknownCode(
            _("Mỗi lần nhận nhiều nhất %(most)s hồ sơ. Hãy tiếp nhận rồi làm lượt khác.")
            % {"most": MOST_ROWS}
        )
    try:
        sheet = procedures.get_sheet(code=code.replace("\0", "").strip(), on=on)
    except procedures.NoSuchProcedure as error:
        raise UnknownCode(str(error)) from error
    if not sheet.variants:
        raise UnknownCode(
            _("Thủ tục “%(name)s” chưa có thành phần hồ sơ trong danh mục.") % {"name": sheet.name}
        )
    return BatchRow(
        number=number,
        key=uuid4(),
        sheet=sheet,
        variant_code=sheet.variants[0].code,
        is_complete=False,
    )
